"""Drafts of one person."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from helpdesk.accounts.models import User
from helpdesk.tickets.models import Draft


def draft_at(session: Session, user_id: int, place: str) -> Draft | None:
    """What this person typed at that place and did not send."""
    statement = (
        sa.select(Draft).where(Draft.user_id == user_id, Draft.place == place).options(selectinload(Draft.files))
    )
    return session.scalars(statement).one_or_none()


def drafts_at(session: Session, user: User, places: Sequence[str]) -> dict[str, Draft]:
    """The same for several places, by place."""
    found = session.scalars(_drafts(), {"user": user.id, "places": list(places)})
    return {draft.place: draft for draft in found}


@cache
def _drafts() -> sa.Select[Draft]:
    """Built once: building takes longer than asking."""
    places: sa.BindParameter[list[str]] = sa.bindparam("places", expanding=True)
    return (
        sa.select(Draft)
        .where(Draft.user_id == sa.bindparam("user"), Draft.place.in_(places))
        .options(selectinload(Draft.files))
    )


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
