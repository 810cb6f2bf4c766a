"""What holds for every link that is mailed once."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import update
from sqlalchemy.orm import Session

from helpdesk.accounts.addresses.models import EmailChange
from helpdesk.accounts.models import User
from helpdesk.accounts.recovery.models import PasswordReset
from helpdesk.errors import DomainError
from helpdesk.notifications.private_links import token_of


class LinkOver(DomainError):
    """This link does not work any more: it was used, its time is over, or it was withdrawn."""


def digest_of(seed: str, *, secret: str) -> str:
    """What we keep of the link that the mail with `seed` will hold; `sessions.rules.token_hash` of its last part."""
    return sha256(token_of(seed, secret=secret).encode()).hexdigest()


def close_links(session: Session, person: User, *, now: datetime) -> None:
    """Make every mailed link to this person's account open nothing any more."""
    session.execute(
        update(PasswordReset)
        .where(PasswordReset.user_id == person.id, PasswordReset.used_at.is_(None), PasswordReset.expires_at > now)
        .values(expires_at=now)
    )
    drop_changes(session, person, now=now)


def drop_changes(session: Session, person: User, *, now: datetime) -> None:
    """Let no other address wait for this person's confirmation."""
    session.execute(
        update(EmailChange).where(EmailChange.user_id == person.id, EmailChange.done_at.is_(None)).values(done_at=now)
    )
