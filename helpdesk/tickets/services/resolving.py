"""Closing the loop: explain, confirm or reopen, rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.billing.models import DisputeState
from helpdesk.billing.services import close_dispute
from helpdesk.money import Money
from helpdesk.tickets.models import EventKind, MessageKind, Ticket, TicketMessage, TicketState
from helpdesk.tickets.rules.loop import (
    check_dispute_decided,
    check_explained,
    check_rating,
    check_reopen,
    check_unanswered,
)
from helpdesk.tickets.rules.states import NotYours, check_transition
from helpdesk.tickets.rules.words import tidy
from helpdesk.tickets.services.conversation import open_again, promise_again, take_if_unowned
from helpdesk.tickets.services.mails import tell_closed, tell_resolved
from helpdesk.tickets.services.records import move, note_deed, note_event, write_message
from helpdesk.workcalendar.rules import WorkCalendar


@dataclass(frozen=True, slots=True)
class DisputeDecision:
    """What becomes of the disputed charge: granted with a credit, declined, or withdrawn."""

    outcome: DisputeState
    credit: Money | None = None


def resolve_ticket(
    session: Session,
    ticket: Ticket,
    *,
    explanation: str,
    by: User,
    now: datetime,
    dispute: DisputeDecision | None = None,
) -> Ticket:
    """Explain to the customer what was done, and resolve the ticket; the explanation goes out by mail.

    Raises `LoopStillOpen` without an explanation written after `loop_opened_at`, `DisputeUndecided` when an open
    dispute is left hanging, `TransitionRefused`, and billing's refusals.
    """
    check_transition(ticket.state, TicketState.RESOLVED)
    check_explained(
        explained_at=now if tidy(explanation) else ticket.explained_at, loop_opened_at=ticket.loop_opened_at
    )
    check_dispute_decided(is_open=ticket.has_open_dispute, decided=dispute is not None)
    if dispute is not None and ticket.dispute is not None and ticket.has_open_dispute:
        close_dispute(session, ticket.dispute, outcome=dispute.outcome, by=by, now=now, credit=dispute.credit)
    take_if_unowned(session, ticket, by=by, now=now)
    told = _explain(session, ticket, explanation, by=by, now=now)
    ticket.first_answered_at = ticket.first_answered_at or now
    ticket.resolved_at = now
    move(session, ticket, TicketState.RESOLVED, by=by, now=now)
    note_event(session, ticket, EventKind.RESOLVED, by=by, now=now)
    decided = dispute.outcome.value if dispute else None
    note_deed(session, ticket, "resolved", by=by, now=now, after={"dispute": decided})
    session.flush()
    tell_resolved(session, ticket, told, now=now)
    return ticket


def _explain(session: Session, ticket: Ticket, explanation: str, *, by: User, now: datetime) -> TicketMessage:
    """Write the explanation, or take the one that is already there and still up to date."""
    if not tidy(explanation):
        return next(message for message in reversed(ticket.messages) if message.explains)
    ticket.explained_at = now
    return write_message(session, ticket, body=explanation, kind=MessageKind.PUBLIC, by=by, now=now, explains=True)


def confirm(
    session: Session, ticket: Ticket, *, by: User, now: datetime, rating: int | None = None, comment: str = ""
) -> Ticket:
    """The customer says that it is solved: the ticket is closed, and an open dispute is withdrawn with it.

    Raises `NotYours`, `TransitionRefused`, `NotRateable`.
    """
    if by.customer_id != ticket.customer_id:
        raise NotYours
    check_transition(ticket.state, TicketState.CLOSED)
    if ticket.dispute is not None and ticket.has_open_dispute:
        close_dispute(session, ticket.dispute, outcome=DisputeState.WITHDRAWN, by=by, now=now)
    note_event(session, ticket, EventKind.CONFIRMED, by=by, now=now)
    _close(session, ticket, by=by, now=now, unanswered=False)
    if rating is not None:
        rate(session, ticket, rating=rating, comment=comment, by=by, now=now)
    return ticket


def close_unanswered(
    session: Session, ticket: Ticket, *, delivered_at: datetime, now: datetime, calendar: WorkCalendar
) -> Ticket:
    """Close a resolved ticket whose delivered explanation nobody answered for long enough. Raises `CloseTooEarly`."""
    check_unanswered(ticket.state, delivered_at=delivered_at, now=now, calendar=calendar)
    _close(session, ticket, by=None, now=now, unanswered=True)
    return ticket


def _close(session: Session, ticket: Ticket, *, by: User | None, now: datetime, unanswered: bool) -> None:
    move(session, ticket, TicketState.CLOSED, by=by, now=now)
    ticket.closed_at = now
    if unanswered:
        note_event(session, ticket, EventKind.CLOSED, by=by, now=now, unanswered=True)
    note_deed(session, ticket, "closed", by=by, now=now, after={"unanswered": unanswered})
    session.flush()
    tell_closed(session, ticket, unanswered=unanswered, now=now)


def rate(session: Session, ticket: Ticket, *, rating: int, comment: str, by: User, now: datetime) -> Ticket:
    """Keep the customer's rating from 1 to 5 of a closed ticket; a later one replaces it. Raises `NotRateable`."""
    if by.customer_id != ticket.customer_id:
        raise NotYours
    check_rating(ticket.state, rating)
    ticket.rating, ticket.rating_comment = rating, tidy(comment)[:1000]
    note_event(session, ticket, EventKind.RATED, by=by, now=now, rating=rating)
    note_deed(session, ticket, "rated", by=by, now=now, after={"rating": rating})
    session.flush()
    return ticket


def reopen(
    session: Session, ticket: Ticket, *, body: str, by: User, now: datetime, calendar: WorkCalendar | None = None
) -> TicketMessage:
    """Not solved yet: the ticket is open again, with the words that say why.

    Raises `NothingToReopen`, `ReopenTooLate`, `NotYours`, `NothingWritten`.
    """
    if not by.role.is_staff and by.customer_id != ticket.customer_id:
        raise NotYours
    check_reopen(ticket.state, settled_at=ticket.closed_at or ticket.resolved_at, now=now)
    message = write_message(session, ticket, body=body, kind=MessageKind.PUBLIC, by=by, now=now)
    open_again(session, ticket, message, by=by, now=now)
    move(session, ticket, TicketState.OPEN, by=by, now=now)
    promise_again(session, ticket, waited=True, now=now, calendar=calendar)
    session.flush()
    return message
