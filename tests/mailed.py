"""What was mailed, and the private links that only the recipient sees."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.notifications.models import OutboxMessage
from helpdesk.notifications.private_links import token_in
from tests.conftest import SECRET_KEY

__all__ = ["SECRET_KEY", "link", "mails", "token"]


def mails(session: Session, kind: str = "") -> list[OutboxMessage]:
    """Mails in the order in which they were queued, of one kind or all."""
    statement = select(OutboxMessage).order_by(OutboxMessage.id)
    found = session.scalars(statement.execution_options(populate_existing=True))
    return [mail for mail in found if not kind or mail.kind == kind]


def token(session: Session, kind: str) -> str:
    """The token in the newest mail of a kind."""
    return token_in(mails(session, kind)[-1].payload, secret=SECRET_KEY)


def link(session: Session, kind: str) -> str:
    """The path that the newest mail of a kind leads to."""
    return str(mails(session, kind)[-1].payload["private"]["path"]) + token(session, kind)
