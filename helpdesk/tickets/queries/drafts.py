"""Drafts of one person, and which articles spared a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from helpdesk.accounts.models import User
from helpdesk.tickets.models import Draft, SuggestionOpened

SETTLED: Final = timedelta(hours=24)
"""So long after a suggestion was opened, a ticket that was not sent is not coming any more."""


def draft_at(session: Session, user_id: int, place: str) -> Draft | None:
    """What this person typed at that place and did not send."""
    statement = (
        sa.select(Draft).where(Draft.user_id == user_id, Draft.place == place).options(selectinload(Draft.files))
    )
    return session.scalars(statement).one_or_none()


def drafts_at(session: Session, user: User, places: Sequence[str]) -> dict[str, Draft]:
    """The same for several places, by place."""
    statement = (
        sa.select(Draft).where(Draft.user_id == user.id, Draft.place.in_(places)).options(selectinload(Draft.files))
    )
    return {draft.place: draft for draft in session.scalars(statement)}


def unsent_tickets(session: Session, user: User) -> list[Draft]:
    """New tickets that this person began and did not send, latest first."""
    statement = sa.select(Draft).where(Draft.user_id == user.id, Draft.place.startswith("new:", autoescape=True))
    return list(session.scalars(statement.order_by(Draft.updated_at.desc())))


def own_draft(session: Session, user: User, public_id: str) -> Draft | None:
    """A draft of this person's own."""
    statement = (
        sa.select(Draft)
        .where(Draft.user_id == user.id, Draft.public_id == public_id)
        .options(selectinload(Draft.files))
    )
    return session.scalars(statement).one_or_none()


@dataclass(frozen=True, slots=True)
class Deflected:
    """An article that was opened while tickets were written, and how many of them were not sent then."""

    article: str
    locale: str
    opened: int
    spared: int


def deflections(session: Session, *, since: datetime, now: datetime) -> list[Deflected]:
    """Articles by how many tickets they spared; one statement. Forms younger than a day are not settled yet."""
    spared = sa.func.sum(sa.case((SuggestionOpened.sent_at.is_(None), 1), else_=0))
    statement = (
        sa.select(SuggestionOpened.article, SuggestionOpened.locale, sa.func.count(), spared)
        .where(SuggestionOpened.at >= since, SuggestionOpened.at <= now - SETTLED)
        .group_by(SuggestionOpened.article, SuggestionOpened.locale)
        .order_by(spared.desc(), SuggestionOpened.article)
    )
    return [Deflected(*row) for row in session.execute(statement)]
