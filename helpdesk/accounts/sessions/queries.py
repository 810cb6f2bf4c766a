"""Which sessions there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Integer, Select, String, bindparam, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import User
from helpdesk.accounts.second_factor.models import SecondFactor
from helpdesk.accounts.sessions.models import UserSession
from helpdesk.accounts.sessions.rules import has_ended, token_hash
from helpdesk.notifications.queries import unread_by

SHOWN = 50
"""So many sessions of one person are shown at most."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A session, whose it is, and whether that person has a second factor."""

    person: User
    row: UserSession
    has_second_factor: bool
    unread: int
    """Notifications not read, counted as `unread_by` counts."""

    @property
    def is_half_way(self) -> bool:
        """Whether the password was given, and the code that belongs to it was not."""
        return self.has_second_factor and not self.row.is_two_step


def visit_of(session: Session, user_id: int, *, token: str) -> Visit | None:
    """A session and whose it is, customer included, in one statement: it runs for every page."""
    digest = token_hash(token)
    if digest is None:
        return None
    row = session.execute(_visit(), {"person": user_id, "digest": digest}).one_or_none()
    return None if row is None else Visit(row[0], row[1], row[2] is not None, row[3])


@cache
def _visit() -> Select[User, UserSession, datetime | None, int]:
    """Built once: building takes longer than asking."""
    person = bindparam("person", type_=Integer())
    return (
        select(User, UserSession, SecondFactor.confirmed_at, unread_by(person))
        .join(UserSession, UserSession.user_id == User.id)
        .outerjoin(SecondFactor, SecondFactor.user_id == User.id)
        .options(joinedload(User.customer))
        .where(User.id == person, UserSession.token_hash == bindparam("digest", type_=String()))
    )


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
