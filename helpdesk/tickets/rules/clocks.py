"""Three clocks of a ticket in working time, and whose time it was: ours, the customer's, 21Vianet's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Protocol

from helpdesk.tickets.models import EventKind, Ticket, TicketState
from helpdesk.workcalendar.rules import WorkCalendar

_HOUR: Final = timedelta(hours=1)


class Party(StrEnum):
    """Whose turn it is."""

    US = "us"
    CUSTOMER = "customer"
    VNET = "vnet"


TURN: Final = {
    TicketState.NEW: Party.US,
    TicketState.OPEN: Party.US,
    TicketState.WAITING_CUSTOMER: Party.CUSTOMER,
    TicketState.WITH_21VIANET: Party.VNET,
    TicketState.RESOLVED: Party.CUSTOMER,
}
"""A closed ticket is nobody's turn."""


class Step(Protocol):
    """An event of a ticket's history."""

    kind: Any
    data: Any
    at: Any


@dataclass(frozen=True, slots=True)
class Clocks:
    """What was promised and aimed at, and the working time that each party had the ticket."""

    first_due_at: datetime | None
    first_at: datetime | None
    next_due_at: datetime | None
    """The running promise, if we owe an answer."""
    resolution_due_at: datetime
    resolved_at: datetime | None
    spent: dict[Party, timedelta]

    @property
    def first_kept(self) -> bool:
        """Whether the first answer came as promised."""
        return self.first_at is not None and self.first_due_at is not None and self.first_at <= self.first_due_at


def time_split(
    steps: Iterable[Step], *, opened_at: datetime, until: datetime, calendar: WorkCalendar
) -> dict[Party, timedelta]:
    """Working time of each party from `opened_at` to `until`, by the changes of state among `steps`, oldest first."""
    spent = dict.fromkeys(Party, timedelta())
    state, since = TicketState.NEW, opened_at
    for step in steps:
        if step.kind is not EventKind.STATE_CHANGED or step.at > until:
            continue
        _add(spent, state, calendar.time_between(since, step.at))
        state, since = TicketState(step.data["after"]), step.at
    _add(spent, state, calendar.time_between(since, max(since, until)))
    return spent


def _add(spent: dict[Party, timedelta], state: TicketState, span: timedelta) -> None:
    if state in TURN:
        spent[TURN[state]] += span


def clocks_of(
    ticket: Ticket, steps: Iterable[Step], *, resolution_hours: int, now: datetime, calendar: WorkCalendar
) -> Clocks:
    """Read all clocks of a ticket; the goal of the resolution moves by what the others had it."""
    spent = time_split(steps, opened_at=ticket.created_at, until=now, calendar=calendar)
    apart = (spent[Party.CUSTOMER] + spent[Party.VNET]) / _HOUR
    return Clocks(
        first_due_at=ticket.first_answer_due_at,
        first_at=ticket.first_answered_at,
        next_due_at=ticket.answer_due_at if TURN.get(ticket.state) is Party.US else None,
        resolution_due_at=calendar.add_hours(ticket.created_at, resolution_hours + apart),
        resolved_at=ticket.resolved_at,
        spent=spent,
    )
