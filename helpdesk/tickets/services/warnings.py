"""Warnings before, and when, a promise is broken: first the owner, then the leads, then both."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import User
from helpdesk.accounts.queries import agents
from helpdesk.limits import WARN_LEADS_HOURS, WARN_OWNER_HOURS
from helpdesk.permissions import Role
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries.duty import away, colleagues
from helpdesk.tickets.rules.states import CLOCK_RUNS
from helpdesk.tickets.services.mails import tell_due
from helpdesk.workcalendar.rules import WorkCalendar

_BATCH: Final = 200
_OWNER, _LEADS, _BROKEN = 1, 2, 3


@dataclass(frozen=True, slots=True)
class _Desk:
    """Whom to tell: the leads, and which owners are not there."""

    leads: list[User]
    away: Collection[int]


def warn_of_breaches(session: Session, *, now: datetime, calendar: WorkCalendar) -> int:
    """Tell owners, then leads, of promises that are due soon in working time, and both of broken ones; each once.

    How many tickets were warned of.
    """
    owners_from, leads_from = (calendar.add_hours(now, hours) for hours in (WARN_OWNER_HOURS, WARN_LEADS_HOURS))
    statement = (
        sa.select(Ticket)
        .where(
            Ticket.state.in_(sorted(CLOCK_RUNS)),
            sa.or_(
                sa.and_(Ticket.warned < _OWNER, Ticket.answer_due_at <= owners_from),
                sa.and_(Ticket.warned < _LEADS, Ticket.answer_due_at <= leads_from),
                sa.and_(Ticket.warned < _BROKEN, Ticket.answer_due_at < now),
            ),
        )
        .options(joinedload(Ticket.owner), joinedload(Ticket.customer))
        .order_by(Ticket.answer_due_at)
        .limit(_BATCH)
    )
    found = list(session.scalars(statement))
    if not found:
        return 0
    people = agents(session)
    gone = away(colleagues(session, now=now, calendar=calendar))
    desk = _Desk([each for each in people if each.role is Role.LEAD], gone)
    for ticket in found:
        _warn(session, ticket, desk, level=_level(ticket.answer_due_at, now, leads_from), now=now)
    session.flush()
    return len(found)


def _level(due_at: datetime, now: datetime, leads_from: datetime) -> int:
    if due_at < now:
        return _BROKEN
    return _LEADS if due_at <= leads_from else _OWNER


def _warn(session: Session, ticket: Ticket, desk: _Desk, *, level: int, now: datetime) -> None:
    """The owner is told first; without one who is there, the leads are."""
    owner = [ticket.owner] if ticket.owner and ticket.owner.id not in desk.away else []
    first_word = level == _LEADS and ticket.warned < _OWNER
    told = {
        _OWNER: owner or desk.leads,
        _LEADS: [*owner, *desk.leads] if first_word else desk.leads,
        _BROKEN: [*owner, *desk.leads],
    }[level]
    unique = {person.id: person for person in told}
    tell_due(session, ticket, list(unique.values()), level=level, late=level == _BROKEN, now=now)
    ticket.warned = level
