"""What the escalations slice tells a ticket: it went to 21Vianet, and it came back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.tickets.models import EventKind, Ticket, TicketEvent, TicketState
from helpdesk.tickets.rules.promise import after_a_pause
from helpdesk.tickets.rules.states import TransitionRefused, check_transition
from helpdesk.tickets.services.records import move, note_deed, note_event
from helpdesk.workcalendar.rules import WorkCalendar


def hand_to_21vianet(session: Session, ticket: Ticket, *, by: User, now: datetime) -> Ticket:
    """The ticket is with 21Vianet from now on; our clock stands still. Raises `TransitionRefused`."""
    check_transition(ticket.state, TicketState.WITH_21VIANET)
    move(session, ticket, TicketState.WITH_21VIANET, by=by, now=now)
    note_event(session, ticket, EventKind.ESCALATED, by=by, now=now)
    note_deed(session, ticket, "escalated", by=by, now=now)
    session.flush()
    return ticket


def answered_by_21vianet(
    session: Session, ticket: Ticket, *, now: datetime, by: User | None = None, calendar: WorkCalendar | None = None
) -> Ticket:
    """The ticket is ours again and the customer must be told. Raises `TransitionRefused`."""
    if ticket.state is not TicketState.WITH_21VIANET:
        raise TransitionRefused(before=ticket.state.value, after=TicketState.OPEN.value)
    move(session, ticket, TicketState.OPEN, by=by, now=now)
    ticket.loop_opened_at = now
    paused_at = _handed_over_at(session, ticket)
    ticket.answer_due_at = after_a_pause(ticket.answer_due_at, paused_at=paused_at, now=now, calendar=calendar)
    ticket.warned = 0
    note_event(session, ticket, EventKind.VNET_ANSWERED, by=by, now=now)
    note_deed(session, ticket, "answered_by_21vianet", by=by, now=now)
    session.flush()
    return ticket


def _handed_over_at(session: Session, ticket: Ticket) -> datetime:
    latest = (
        select(TicketEvent.at)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.kind == EventKind.ESCALATED)
        .order_by(TicketEvent.id.desc())
        .limit(1)
    )
    return session.scalars(latest).one()
