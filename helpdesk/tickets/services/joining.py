"""Tickets that belong together: linked, merged (and parted again), split."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.errors import DomainError
from helpdesk.tickets.models import (
    Attachment,
    EventKind,
    LinkKind,
    MessageKind,
    Ticket,
    TicketCopy,
    TicketLink,
    TicketMessage,
    TicketState,
)
from helpdesk.tickets.rules.states import check_transition
from helpdesk.tickets.services.opening import open_ticket
from helpdesk.tickets.services.records import move, note_deed, note_event
from helpdesk.workcalendar.rules import WorkCalendar


class IntoItself(DomainError):
    """A ticket cannot be joined with itself. Give the number of another one."""


class InACircle(DomainError):
    """One of the two was merged already. Join with the ticket that it was merged into."""


class OtherCustomer(DomainError):
    """Only tickets of the same customer can be merged: each would read what the other wrote."""


class DisputeHangs(DomainError):
    """Decide the disputed charge of this ticket before you merge it."""


class NotMerged(DomainError):
    """This merge was taken back already."""


class OnlyMessage(DomainError):
    """Only a later message that the customer wrote can be split off."""


def link(session: Session, ticket: Ticket, other: Ticket, *, by: User | None, now: datetime, kind: LinkKind) -> None:
    """Note that two tickets belong together; twice is once. Raises `IntoItself`."""
    if ticket.id == other.id:
        raise IntoItself
    ends = [(ticket.id, other.id), (other.id, ticket.id)]
    known = sa.select(TicketLink.id).where(
        sa.tuple_(TicketLink.ticket_id, TicketLink.other_id).in_(ends), TicketLink.kind == kind
    )
    if session.scalars(known).first() is not None:
        return
    _tie(session, ticket, other, kind, by=by, now=now)
    for one, another in ((ticket, other), (other, ticket)):
        note_event(session, one, EventKind.LINKED, by=by, now=now, ref=another.ref)
    note_deed(session, ticket, "linked", by=by, now=now, after={"other": other.ref, "kind": kind.value})
    session.flush()


def _tie(
    session: Session, ticket: Ticket, other: Ticket, kind: LinkKind, *, by: User | None, now: datetime
) -> TicketLink:
    tie = TicketLink(ticket=ticket, other=other, kind=kind, by_id=by.id if by else None, at=now)
    session.add(tie)
    session.flush()
    return tie


def merge(session: Session, ticket: Ticket, into: Ticket, *, by: User, now: datetime) -> TicketLink:
    """Move a ticket's conversation into another one of the same customer, and close it; see `take_back`.

    Who asked, and who followed, follows the other one. Raises `IntoItself`, `InACircle`, `OtherCustomer`,
    `DisputeHangs`, `TransitionRefused`.
    """
    _check_merge(session, ticket, into)
    before = ticket.state
    if before is not TicketState.CLOSED:
        check_transition(before, TicketState.CLOSED)
    tie = _tie(session, ticket, into, LinkKind.MERGED, by=by, now=now)
    ids = [message.id for message in ticket.messages]
    tie.undo = {
        "messages": ids,
        "state": before.value,
        "copies": _follow(session, ticket, into, by=by),
        "closed": ticket.closed_at is not None,
    }
    _move_messages(session, ids, ticket, into)
    move(session, ticket, TicketState.CLOSED, by=by, now=now)
    ticket.closed_at = ticket.closed_at or now
    _note_both(session, ticket, into, EventKind.MERGED, by=by, now=now)
    return tie


def _check_merge(session: Session, ticket: Ticket, into: Ticket) -> None:
    if ticket.id == into.id:
        raise IntoItself
    merged = sa.select(TicketLink.id).where(
        TicketLink.ticket_id.in_([ticket.id, into.id]), TicketLink.kind == LinkKind.MERGED
    )
    if session.scalars(merged).first() is not None:
        raise InACircle
    if ticket.customer_id != into.customer_id:
        raise OtherCustomer
    if ticket.has_open_dispute:
        raise DisputeHangs


def _follow(session: Session, ticket: Ticket, into: Ticket, *, by: User) -> list[int]:
    """Let the people of one ticket follow the other; who was added."""
    theirs = sa.select(TicketCopy.user_id).where(TicketCopy.ticket_id == ticket.id)
    there = sa.select(TicketCopy.user_id).where(TicketCopy.ticket_id == into.id)
    known = {into.requester_id, *session.scalars(there)}
    added = sorted({ticket.requester_id, *session.scalars(theirs)} - known)
    session.add_all(TicketCopy(ticket_id=into.id, user_id=person, by_id=by.id) for person in added)
    return added


def _move_messages(session: Session, ids: Sequence[int], source: Ticket, target: Ticket) -> None:
    session.flush()
    session.execute(
        sa.update(TicketMessage)
        .where(TicketMessage.id.in_(ids), TicketMessage.ticket_id == source.id)
        .values(ticket_id=target.id)
    )
    for each in (source, target):
        session.expire(each, ["messages"])


def _note_both(session: Session, ticket: Ticket, other: Ticket, kind: EventKind, *, by: User, now: datetime) -> None:
    for one, another in ((ticket, other), (other, ticket)):
        note_event(session, one, kind, by=by, now=now, ref=another.ref)
        note_deed(session, one, kind.value, by=by, now=now, after={"other": another.ref})
    session.flush()


def take_back(session: Session, ticket: Ticket, *, by: User, now: datetime) -> Ticket:
    """Part a merged ticket again, as it was; what was written since stays where it was written. Raises `NotMerged`."""
    statement = sa.select(TicketLink).where(TicketLink.ticket_id == ticket.id, TicketLink.kind == LinkKind.MERGED)
    tie = session.scalars(statement).one_or_none()
    if tie is None:
        raise NotMerged
    into = tie.other
    _move_messages(session, tie.undo["messages"], into, ticket)
    session.execute(
        sa.delete(TicketCopy).where(TicketCopy.ticket_id == into.id, TicketCopy.user_id.in_(tie.undo["copies"]))
    )
    before = TicketState(tie.undo["state"])
    if before is not ticket.state:
        note_event(
            session, ticket, EventKind.STATE_CHANGED, by=by, now=now, before=ticket.state.value, after=before.value
        )
        ticket.state = before
    if not tie.undo["closed"]:
        ticket.closed_at = None
    session.delete(tie)
    _note_both(session, ticket, into, EventKind.UNMERGED, by=by, now=now)
    return into


def split(
    session: Session, ticket: Ticket, message: TicketMessage, *, by: User, now: datetime, calendar: WorkCalendar
) -> Ticket:
    """Make a ticket of its own from a later message of the customer, with its files; the message stays as it was.

    Raises `OnlyMessage`.
    """
    is_later = ticket.messages and message.id != ticket.messages[0].id
    author = message.author
    if not is_later or message.kind is not MessageKind.PUBLIC or author is None or author.role.is_staff:
        raise OnlyMessage
    new = open_ticket(
        session,
        by=author,
        topic=ticket.topic,
        subject=ticket.subject,
        body=message.body,
        now=now,
        calendar=calendar,
        idempotency_key=secrets.token_hex(16),
    )
    new.messages[0].attachments += [
        Attachment(
            filename=each.filename,
            content_type=each.content_type,
            size=each.size,
            sha256=each.sha256,
            created_at=each.created_at,
        )
        for each in message.attachments
    ]
    session.flush()
    _tie(session, new, ticket, LinkKind.SPLIT, by=by, now=now)
    _note_both(session, new, ticket, EventKind.SPLIT, by=by, now=now)
    return new
