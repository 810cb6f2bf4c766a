"""What the quality report counts, in a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.escalations.models import Escalation, EscalationStep
from helpdesk.escalations.quality import Past
from helpdesk.escalations.time_split import Mark, Party, marks_of, split
from helpdesk.tickets.models import EventKind, Ticket, TicketEvent, TicketState


def past_cases(session: Session, *, since: datetime) -> list[Past]:
    """Cases opened since then; two statements."""
    steps: dict[int, list[tuple[datetime, Any]]] = defaultdict(list)
    for escalation_id, at, state in session.execute(
        select(EscalationStep.escalation_id, EscalationStep.at, EscalationStep.state)
        .join(EscalationStep.escalation)
        .where(Escalation.created_at >= since)
        .order_by(EscalationStep.id)
    ):
        steps[escalation_id].append((at, state))
    rows = session.execute(
        select(
            Escalation.id,
            Escalation.reason,
            Ticket.topic,
            User.name,
            Escalation.outcome,
            Escalation.answered_at,
            Escalation.closed_at,
        )
        .join(Escalation.ticket)
        .join(Escalation.created_by)
        .where(Escalation.created_at >= since)
        .order_by(Escalation.id)
    )
    return [_past(row, tuple(steps[row.id])) for row in rows]


def _past(row: Any, steps: tuple[tuple[datetime, Any], ...]) -> Past:  # noqa: ANN401 - a row of the statement above
    return Past(
        reason=row.reason,
        topic=row.topic,
        agent=row.name,
        outcome=row.outcome,
        ended_at=row.answered_at or row.closed_at,
        steps=steps,
    )


def time_split_by_month(session: Session, starts: Sequence[datetime], *, now: datetime) -> list[dict[Party, timedelta]]:
    """Each party's time over all tickets in each month; `starts` are the months' beginnings. Three statements."""
    total = [dict.fromkeys(Party, timedelta()) for _ in starts]
    ends = [*starts[1:], now]
    for marks in _marks(session, since=starts[0]):
        for month, (start, end) in zip(total, zip(starts, ends, strict=True), strict=True):
            for party, span in split(marks, start=start, end=end).items():
                month[party] += span
    return total


def _marks(session: Session, *, since: datetime) -> list[list[Mark]]:
    """The turns of every ticket that something happened to since then, or that is not closed."""
    concerned = select(Ticket.id).where(or_(Ticket.updated_at >= since, Ticket.state != TicketState.CLOSED))
    states: dict[int, list[tuple[datetime, TicketState]]] = defaultdict(list)
    for ticket_id, at, data in session.execute(
        select(TicketEvent.ticket_id, TicketEvent.at, TicketEvent.data)
        .where(TicketEvent.kind == EventKind.STATE_CHANGED, TicketEvent.ticket_id.in_(concerned))
        .order_by(TicketEvent.id)
    ):
        states[ticket_id].append((at, TicketState(data["after"])))
    steps: dict[int, list[tuple[datetime, Any]]] = defaultdict(list)
    for ticket_id, at, state in session.execute(
        select(Escalation.ticket_id, EscalationStep.at, EscalationStep.state)
        .join(EscalationStep.escalation)
        .where(Escalation.ticket_id.in_(concerned))
        .order_by(EscalationStep.id)
    ):
        steps[ticket_id].append((at, state))
    opened = session.execute(select(Ticket.id, Ticket.created_at).where(Ticket.id.in_(concerned)))
    return [marks_of(created_at, states[ticket_id], steps[ticket_id]) for ticket_id, created_at in opened]
