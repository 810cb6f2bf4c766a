"""Warnings before, and when, a promise is broken: first the owner, then the leads."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import User
from helpdesk.accounts.queries import agents
from helpdesk.permissions import Role
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.rules.promise import SOON
from helpdesk.tickets.rules.states import CLOCK_RUNS
from helpdesk.tickets.services.mails import tell_due

_BATCH: Final = 200
_OWNER, _LEADS = 1, 2


def warn_of_breaches(session: Session, *, now: datetime) -> int:
    """Tell owners of promises that are due soon, and leads of those that are broken; each once. How many tickets."""
    statement = (
        sa.select(Ticket)
        .where(
            Ticket.state.in_(sorted(CLOCK_RUNS)),
            sa.or_(
                sa.and_(Ticket.warned < _OWNER, Ticket.answer_due_at <= now + SOON),
                sa.and_(Ticket.warned < _LEADS, Ticket.answer_due_at < now),
            ),
        )
        .options(joinedload(Ticket.owner), joinedload(Ticket.customer))
        .order_by(Ticket.answer_due_at)
        .limit(_BATCH)
    )
    found = list(session.scalars(statement))
    leads = [person for person in agents(session) if person.role is Role.LEAD] if found else []
    for ticket in found:
        _warn(session, ticket, leads, now=now)
    session.flush()
    return len(found)


def _warn(session: Session, ticket: Ticket, leads: list[User], *, now: datetime) -> None:
    """An owner is told before; without one, and after the promise is broken, the leads are."""
    is_broken = ticket.answer_due_at < now
    owner = [ticket.owner] if ticket.owner and ticket.owner.is_active else []
    told = [*owner, *leads] if is_broken else owner or leads
    level = _LEADS if is_broken else _OWNER
    unique = {person.id: person for person in told}
    tell_due(session, ticket, list(unique.values()), level=level, now=now)
    ticket.warned = level
