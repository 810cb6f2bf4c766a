"""The link at the foot of a mail that is not essential: signed, for one person and one kind, without signing in."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

from helpdesk.extensions import settings
from helpdesk.notifications.models import OutboxMessage
from helpdesk.notifications.table import is_essential


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().signing_keys(), salt="unsubscribe")


def unsubscribe_url(message: OutboxMessage) -> str:
    """The full address of the link, or nothing where the mail is essential."""
    if is_essential(message.kind) or message.recipient_id is None:
        return ""
    token = _signer().dumps([message.recipient_id, message.kind])
    return f"{settings().base_url.rstrip('/')}/unsubscribe/{token}"


def read_token(token: str) -> tuple[int, str] | None:
    """For whom and which kind a link was signed, or None."""
    try:
        user_id, kind = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return int(user_id), str(kind)
