"""Deciding what a ticket is about, how soon, whose it is, and who follows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.errors import DomainError
from helpdesk.permissions import Permission
from helpdesk.tickets.models import EventKind, Priority, Ticket, TicketCopy, TicketState, Topic
from helpdesk.tickets.queries.targets import current_targets
from helpdesk.tickets.rules.promise import answer_due, kept_promise
from helpdesk.tickets.services.mails import tell_assigned, tell_copied
from helpdesk.tickets.services.records import move, note_deed, note_event
from helpdesk.workcalendar.rules import WorkCalendar


class NotAnAgent(DomainError):
    """Choose somebody who answers tickets."""


class NotAColleague(DomainError):
    """Only people of the same organisation can follow this ticket."""


def triage(
    session: Session,
    ticket: Ticket,
    *,
    topic: Topic,
    priority: Priority,
    owner: User | None,
    by: User,
    now: datetime,
    calendar: WorkCalendar | None = None,
) -> Ticket:
    """Set topic, priority and owner; a new ticket becomes open, a new owner is told.

    With a `calendar`, a sooner goal moves the promised answer forward; it never moves back. Raises `NotAnAgent`.
    """
    if owner is not ticket.owner:
        _check_agent(owner)
    before = _properties(ticket)
    ticket.topic, ticket.priority, ticket.owner = topic, priority, owner
    after = _properties(ticket)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    ticket.triaged_at = ticket.triaged_at or now
    if calendar is not None and {"priority", "topic"} & set(changed):
        goal = current_targets(session).of(topic, priority)
        hours = goal.next if ticket.first_answered_at else goal.first
        ticket.answer_due_at = kept_promise(ticket.answer_due_at, answer_due(hours, now=now, calendar=calendar))
    if ticket.state is TicketState.NEW:
        move(session, ticket, TicketState.OPEN, by=by, now=now)
    if changed:
        note_event(session, ticket, EventKind.TRIAGED, by=by, now=now, **changed)
        note_deed(session, ticket, "triaged", by=by, now=now, before=before, after=after)
    session.flush()
    if "owner" in changed:
        tell_assigned(session, ticket, by=by, now=now)
    return ticket


def assign(session: Session, ticket: Ticket, *, owner: User | None, by: User, now: datetime) -> Ticket:
    """Change the owner alone."""
    return triage(session, ticket, topic=ticket.topic, priority=ticket.priority, owner=owner, by=by, now=now)


def copy_in(session: Session, ticket: Ticket, *, person: User, by: User, now: datetime) -> None:
    """Let a colleague of the customer follow the ticket; twice is once. Raises `NotAColleague`."""
    if person.customer_id != ticket.customer_id or not person.is_active:
        raise NotAColleague
    if person.id == ticket.requester_id or session.get(TicketCopy, (ticket.id, person.id)) is not None:
        return
    session.add(TicketCopy(ticket_id=ticket.id, user_id=person.id, by_id=by.id))
    note_event(session, ticket, EventKind.COPIED, by=by, now=now, person=person.name)
    note_deed(session, ticket, "copied", by=by, now=now, after={"person": person.id})
    session.flush()
    if person.id != by.id:
        tell_copied(session, ticket, person, by=by, now=now)


def _check_agent(owner: User | None) -> None:
    if owner is not None and not (owner.is_active and owner.may(Permission.TICKETS_WORK)):
        raise NotAnAgent


def _properties(ticket: Ticket) -> dict[str, Any]:
    return {
        "topic": ticket.topic.value,
        "priority": ticket.priority.value,
        "owner": ticket.owner.name if ticket.owner else None,
    }
