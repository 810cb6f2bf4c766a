"""The client of this installation."""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from helpdesk.config import Settings
from helpdesk.partner_center.client import PartnerCenterClient, Writes
from helpdesk.partner_center.errors import KeyUnreadable, NotConfigured
from helpdesk.partner_center.ports import PartnerCenter
from helpdesk.partner_center.tokens import Credentials, Tokens
from helpdesk.partner_center.wire import Wire


def partner_center(settings: Settings) -> PartnerCenter:
    """The real client. Raises `NotConfigured` unless it is switched on and has its credentials, `KeyUnreadable`."""
    loopback = settings.outgoing_loopback == "on"
    credentials = _credentials(settings)
    return PartnerCenterClient(
        Wire([settings.partner_center_api_url], loopback=loopback),
        Tokens(Wire([settings.partner_center_authority], loopback=loopback), credentials),
        base_url=settings.partner_center_api_url,
        writes=Writes(settings.partner_center_writes),
    )


def writes_on(settings: Settings) -> bool:
    """Whether subscriptions may be changed through the API: it is set up, and the kill switch says on."""
    return settings.partner_center_api == "on" and settings.partner_center_writes == "on"


def _credentials(settings: Settings) -> Credentials:
    given = (settings.partner_center_tenant, settings.partner_center_client)
    key = settings.partner_center_key
    if settings.partner_center_api != "on" or not all(given) or not (key or settings.partner_center_secret):
        raise NotConfigured
    return Credentials(
        authority=settings.partner_center_authority,
        tenant=settings.partner_center_tenant,
        client_id=settings.partner_center_client,
        resource=settings.partner_center_resource,
        secret=settings.partner_center_secret,
        private_key=_private_key(Path(key)) if key else "",
        thumbprint=settings.partner_center_thumbprint,
    )


def _private_key(path: Path) -> str:
    """The key as it stands in its file, after a look whether it is one."""
    try:
        text = path.read_text("ascii")
        key = load_pem_private_key(text.encode(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyUnreadable(path=path) from error
    if not isinstance(key, RSAPrivateKey):
        raise KeyUnreadable(path=path)
    return text
