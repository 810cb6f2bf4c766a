"""Which sessions there are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import User
from helpdesk.accounts.sessions.models import UserSession
from helpdesk.accounts.sessions.rules import has_ended, token_hash

SHOWN = 50
"""So many sessions of one person are shown at most."""


def session_with_person(session: Session, user_id: int, *, token: str) -> tuple[User, UserSession] | None:
    """A session and whose it is, customer included, in one statement: it runs for every page."""
    digest = token_hash(token)
    if digest is None:
        return None
    statement = (
        select(User, UserSession)
        .join(UserSession, UserSession.user_id == User.id)
        .options(joinedload(User.customer))
        .where(User.id == user_id, UserSession.token_hash == digest)
    )
    row = session.execute(statement).one_or_none()
    return None if row is None else (row[0], row[1])


def sessions_of(session: Session, person: User, *, now: datetime) -> list[UserSession]:
    """Where a person is signed in, the latest seen first."""
    statement = (
        select(UserSession)
        .where(UserSession.user_id == person.id, UserSession.epoch == person.epoch)
        .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
        .limit(SHOWN)
    )
    return [
        row
        for row in session.scalars(statement)
        if not has_ended(person.role, started_at=row.started_at, seen_at=row.seen_at, now=now)
    ]


def session_of(session: Session, person: User, public_id: str) -> UserSession | None:
    """One session of a person."""
    statement = select(UserSession).where(UserSession.user_id == person.id, UserSession.public_id == public_id)
    return session.scalars(statement).one_or_none()
