"""One change to many tickets: each succeeds or is refused by itself; a rehearsal shows exactly what would change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.errors import DomainError
from helpdesk.tickets.models import Priority, Ticket, TicketState
from helpdesk.tickets.queries.desk import tags_of
from helpdesk.tickets.rules.macros import TAGS_MAX, TooManyTags
from helpdesk.tickets.rules.states import check_transition
from helpdesk.tickets.services.conversation import reply
from helpdesk.tickets.services.desk import set_tags
from helpdesk.tickets.services.records import move, note_deed
from helpdesk.tickets.services.resolving import resolve_ticket
from helpdesk.tickets.services.triage import triage
from helpdesk.workcalendar.rules import WorkCalendar

BULK_STATES: Final = (TicketState.OPEN, TicketState.RESOLVED)
"""States that many tickets can be brought to at once; the others need the customer, or a case with 21Vianet."""

SENT_ON: Final = ("owner", "state", "priority", "add_tags", "remove_tags", "macro")
"""What a change is chosen by, from page to page."""


class NothingToChange(DomainError):
    """Nothing would change: it is so already."""


class NoSuchTicket(DomainError):
    """There is no such ticket, or it is not for you."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkChange:
    """What shall become of each ticket; what is None, empty or off stays as it is."""

    set_owner: bool = False
    owner: User | None = None
    state: TicketState | None = None
    priority: Priority | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    words: Callable[[Ticket], str] | None = None
    """The prepared answer for a ticket; with state resolved it is the explanation."""

    @property
    def is_empty(self) -> bool:
        """Whether it changes nothing at all."""
        return not (self.set_owner or self.state or self.priority or self.add_tags or self.remove_tags or self.words)


@dataclass(slots=True)
class BulkResult:
    """What became, or would become, of one ticket."""

    number: int
    subject: str = ""
    customer: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    """Name of the property, before, after."""
    words: str = ""
    """What is sent to the customer."""
    refusal: DomainError | None = None

    @property
    def ref(self) -> str:
        """The reference people say aloud."""
        return f"T-{self.number}"


def change_many(
    session: Session,
    tickets: Sequence[Ticket],
    change: BulkChange,
    *,
    by: User,
    now: datetime,
    calendar: WorkCalendar,
    rehearse: bool = False,
) -> list[BulkResult]:
    """Change each ticket, or say why not; with `rehearse` everything is done and taken back again."""
    if not rehearse:
        return [_changed(session, ticket, change, by=by, now=now, calendar=calendar) for ticket in tickets]
    rehearsal = session.begin_nested()
    results = [_changed(session, ticket, change, by=by, now=now, calendar=calendar) for ticket in tickets]
    rehearsal.rollback()
    return results


def _changed(
    session: Session, ticket: Ticket, change: BulkChange, *, by: User, now: datetime, calendar: WorkCalendar
) -> BulkResult:
    result = BulkResult(ticket.number, ticket.subject, ticket.customer.name)
    before = _properties(session, ticket)
    try:
        with session.begin_nested():
            result.words = change.words(ticket) if change.words else ""
            _apply(session, ticket, change, result.words, by=by, now=now, calendar=calendar)
            after = _properties(session, ticket)
            result.changes = [(name, before[name], after[name]) for name in after if before[name] != after[name]]
            if not result.changes and not result.words:
                raise NothingToChange
    except DomainError as refusal:
        result.refusal, result.changes, result.words = refusal, [], ""
    return result


def _apply(
    session: Session, ticket: Ticket, change: BulkChange, words: str, *, by: User, now: datetime, calendar: WorkCalendar
) -> None:
    if change.set_owner or change.priority:
        triage(
            session,
            ticket,
            topic=ticket.topic,
            priority=change.priority or ticket.priority,
            owner=change.owner if change.set_owner else ticket.owner,
            by=by,
            now=now,
            calendar=calendar,
        )
    if change.add_tags or change.remove_tags:
        _retag(session, ticket, change, by=by, now=now)
    if change.state is TicketState.RESOLVED:
        resolve_ticket(session, ticket, explanation=words, by=by, now=now)
        return
    if words:
        reply(session, ticket, body=words, by=by, now=now, calendar=calendar)
    if change.state is not None and ticket.state is not change.state:
        check_transition(ticket.state, change.state)
        move(session, ticket, change.state, by=by, now=now)
        note_deed(session, ticket, "moved", by=by, now=now, after={"state": change.state.value})
    session.flush()


def _retag(session: Session, ticket: Ticket, change: BulkChange, *, by: User, now: datetime) -> None:
    tags = [tag for tag in tags_of(session, ticket.id) if tag not in change.remove_tags]
    tags += [tag for tag in change.add_tags if tag not in tags]
    if len(tags) > TAGS_MAX:
        raise TooManyTags(limit=TAGS_MAX)
    set_tags(session, ticket, tags=tags, by=by, now=now)


def _properties(session: Session, ticket: Ticket) -> dict[str, str]:
    return {
        "owner": ticket.owner.name if ticket.owner else "",
        "state": ticket.state.value,
        "priority": ticket.priority.value,
        "tags": ", ".join(tags_of(session, ticket.id)),
    }
