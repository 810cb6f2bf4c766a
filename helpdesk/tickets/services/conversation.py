"""Writing to each other, and among ourselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.files.store import FileStore
from helpdesk.files.uploads import CheckedFile
from helpdesk.tickets.models import EventKind, MessageKind, Ticket, TicketGuest, TicketMessage, TicketState
from helpdesk.tickets.queries.targets import current_targets
from helpdesk.tickets.rules.guests import check_here
from helpdesk.tickets.rules.promise import answer_due
from helpdesk.tickets.rules.states import NotYours, after_customer_wrote, after_our_answer
from helpdesk.tickets.services.desk import notify_mentioned
from helpdesk.tickets.services.mails import tell_answered, tell_reopened
from helpdesk.tickets.services.records import move, note_deed, note_event, write_message
from helpdesk.workcalendar.rules import WorkCalendar


def add_note(
    session: Session,
    ticket: Ticket,
    *,
    body: str,
    by: User,
    now: datetime,
    files: Sequence[CheckedFile] = (),
    store: FileStore | None = None,
) -> TicketMessage:
    """Write an internal note, which no customer ever sees. Raises `NotYours`, `NothingWritten`."""
    if not by.role.is_staff:
        raise NotYours
    note = write_message(
        session, ticket, body=body, kind=MessageKind.INTERNAL, by=by, now=now, files=files, store=store
    )
    note_deed(session, ticket, "noted", by=by, now=now, after={"message": note.public_id})
    session.flush()
    notify_mentioned(session, ticket, note, by=by, now=now)
    return note


def reply(
    session: Session,
    ticket: Ticket,
    *,
    body: str,
    by: User,
    now: datetime,
    files: Sequence[CheckedFile] = (),
    store: FileStore | None = None,
    calendar: WorkCalendar | None = None,
) -> TicketMessage:
    """Write a message that customer and partner both read.

    From us: the ticket waits for the customer, who gets it by mail; an unowned ticket becomes the writer's.
    From the customer: the ticket is open again and the next answer is promised by `calendar`.
    Raises `TicketClosed`, `NotYours`, `NothingWritten`.
    """
    state = after_our_answer(ticket.state) if by.role.is_staff else after_customer_wrote(ticket.state)
    if not by.role.is_staff and by.customer_id != ticket.customer_id:
        raise NotYours
    message = write_message(
        session, ticket, body=body, kind=MessageKind.PUBLIC, by=by, now=now, files=files, store=store
    )
    if by.role.is_staff:
        _we_answered(session, ticket, message, state, by=by, now=now)
    else:
        _customer_wrote(session, ticket, message, state, by=by, now=now, calendar=calendar)
    note_deed(session, ticket, "replied", by=by, now=now, after={"message": message.public_id})
    session.flush()
    return message


def reply_as_guest(
    session: Session,
    guest: TicketGuest,
    *,
    body: str,
    now: datetime,
    files: Sequence[CheckedFile] = (),
    store: FileStore | None = None,
    calendar: WorkCalendar | None = None,
) -> TicketMessage:
    """Write a message as somebody from outside: it counts as the customer's. Raises `GuestOver`, `TicketClosed`."""
    check_here(guest, now=now)
    ticket = guest.ticket
    state = after_customer_wrote(ticket.state)
    message = write_message(
        session, ticket, body=body, kind=MessageKind.PUBLIC, by=guest, now=now, files=files, store=store
    )
    _customer_wrote(session, ticket, message, state, by=None, now=now, calendar=calendar)
    deed = {"message": message.public_id, "guest": guest.public_id}
    note_deed(session, ticket, "replied", by=None, now=now, after=deed)
    session.flush()
    return message


def _we_answered(
    session: Session, ticket: Ticket, message: TicketMessage, state: TicketState, *, by: User, now: datetime
) -> None:
    take_if_unowned(session, ticket, by=by, now=now)
    ticket.first_answered_at = ticket.first_answered_at or now
    move(session, ticket, state, by=by, now=now)
    session.flush()
    tell_answered(session, ticket, message, now=now)


def _customer_wrote(
    session: Session,
    ticket: Ticket,
    message: TicketMessage,
    state: TicketState,
    *,
    by: User | None,
    now: datetime,
    calendar: WorkCalendar | None,
) -> None:
    if ticket.state is TicketState.RESOLVED:
        open_again(session, ticket, message, by=by, now=now)
    waited = ticket.state is not state
    ticket.loop_opened_at = now
    move(session, ticket, state, by=by, now=now)
    promise_again(session, ticket, waited=waited, now=now, calendar=calendar)


def open_again(session: Session, ticket: Ticket, message: TicketMessage, *, by: User | None, now: datetime) -> None:
    """Note that a settled ticket is not solved, tell its owner; the caller moves the state. A guest is no `by`."""
    ticket.loop_opened_at = now
    ticket.resolved_at = None
    ticket.closed_at = None
    note_event(session, ticket, EventKind.REOPENED, by=by, now=now)
    note_deed(session, ticket, "reopened", by=by, now=now)
    session.flush()
    tell_reopened(session, ticket, message, now=now)


def promise_again(
    session: Session, ticket: Ticket, *, waited: bool, now: datetime, calendar: WorkCalendar | None
) -> None:
    """Promise the next answer, if the clock stood still; a running clock is not set back by writing again."""
    if waited and calendar is not None:
        ticket.answer_due_at = answer_due(hours_to_answer(session, ticket), now=now, calendar=calendar)
        ticket.warned = 0


def hours_to_answer(session: Session, ticket: Ticket) -> int:
    """Working hours that we have for the answer that is due: the first one, or a later one."""
    goal = current_targets(session).of(ticket.topic, ticket.priority)
    return goal.next if ticket.first_answered_at else goal.first


def take_if_unowned(session: Session, ticket: Ticket, *, by: User, now: datetime) -> None:
    """Who answers an unowned ticket owns it."""
    if ticket.owner is not None:
        return
    ticket.owner = by
    ticket.triaged_at = ticket.triaged_at or now
    note_event(session, ticket, EventKind.TRIAGED, by=by, now=now, owner=[None, by.name])
