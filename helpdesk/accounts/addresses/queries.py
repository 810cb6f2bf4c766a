"""Addresses that wait to be confirmed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.accounts.addresses.models import EmailChange
from helpdesk.accounts.models import User
from helpdesk.accounts.sessions.rules import token_hash


def waiting_change(session: Session, person: User, *, now: datetime) -> EmailChange | None:
    """The address that waits for this person's confirmation."""
    statement = (
        select(EmailChange)
        .where(EmailChange.user_id == person.id, EmailChange.done_at.is_(None), EmailChange.expires_at > now)
        .order_by(EmailChange.id.desc())
        .limit(1)
    )
    return session.scalars(statement).first()


def asked_within_hour(session: Session, person: User, *, now: datetime) -> int:
    """How often this person asked for another address in the last hour."""
    statement = select(func.count()).where(
        EmailChange.user_id == person.id, EmailChange.asked_at > now - timedelta(hours=1)
    )
    return session.scalars(statement).one()


def open_change(session: Session, person: User, token: str, *, now: datetime, lock: bool = False) -> EmailChange | None:
    """The change whose link this is, if it is this person's and still opens."""
    digest = token_hash(token)
    if digest is None:
        return None
    statement = select(EmailChange).where(
        EmailChange.token_hash == digest,
        EmailChange.user_id == person.id,
        EmailChange.done_at.is_(None),
        EmailChange.expires_at > now,
    )
    if lock:
        statement = statement.with_for_update()
    return session.scalars(statement).one_or_none()
