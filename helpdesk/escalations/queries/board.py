"""The board: open cases by state, what is due first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import or_
from sqlalchemy.orm import Session, contains_eager, joinedload

from helpdesk.accounts.models import User
from helpdesk.escalations.models import ENDED, Escalation, EscalationState
from helpdesk.escalations.queries.cases import escalations_visible_to
from helpdesk.tickets.models import Ticket

_OPEN_MOST: Final = 300
"""Cases on one board; a partner with more open ones at once filters by owner."""
_ENDED_MOST: Final = 15


@dataclass(frozen=True, slots=True)
class Column:
    """Cases in one state: overdue ones first, then the next due, then the oldest."""

    state: EscalationState
    cases: Sequence[Escalation]


def board(session: Session, user: User, *, now: datetime, owner: User | None = None) -> list[Column]:
    """Open cases in columns by state, of one `owner` or of everybody; one statement."""
    statement = (
        escalations_visible_to(user)
        .join(Escalation.ticket)
        .options(
            contains_eager(Escalation.ticket).options(joinedload(Ticket.customer), joinedload(Ticket.owner)),
            joinedload(Escalation.created_by),
        )
        .where(Escalation.state.not_in(ENDED))
        .order_by(Escalation.created_at, Escalation.id)
        .limit(_OPEN_MOST)
    )
    if owner is not None:
        unowned = Ticket.owner_id.is_(None) & (Escalation.created_by_id == owner.id)
        statement = statement.where(or_(Ticket.owner_id == owner.id, unowned))
    cases = list(session.scalars(statement))
    return [
        Column(state, sorted((case for case in cases if case.state is state), key=lambda case: _urgency(case, now)))
        for state in EscalationState
        if state not in ENDED
    ]


def _urgency(case: Escalation, now: datetime) -> tuple[bool, float, datetime]:
    due = case.due_at.timestamp() if case.due_at else float("inf")
    return (not case.is_overdue(now), due, case.created_at)


def lately_ended(session: Session, user: User) -> list[Escalation]:
    """The cases that ended last; one statement."""
    statement = (
        escalations_visible_to(user)
        .where(Escalation.state.in_(ENDED))
        .options(joinedload(Escalation.ticket).joinedload(Ticket.customer))
        .order_by(Escalation.closed_at.desc(), Escalation.id.desc())
        .limit(_ENDED_MOST)
    )
    return list(session.scalars(statement))


def cases_of(session: Session, user: User, ticket: Ticket) -> list[Escalation]:
    """All cases of one ticket, the newest first."""
    statement = escalations_visible_to(user).where(Escalation.ticket_id == ticket.id)
    return list(session.scalars(statement.order_by(Escalation.id.desc())))
