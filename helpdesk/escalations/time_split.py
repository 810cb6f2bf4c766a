"""Whose turn it was, and for how long: us, the customer, 21Vianet. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from helpdesk.escalations.models import EscalationState
from helpdesk.tickets.models import TicketState


class Party(StrEnum):
    """Who had to act."""

    US = "us"
    CUSTOMER = "customer"
    VNET = "vnet"


Mark = tuple[datetime, Party | None]
"""From this moment on it is that party's turn; None: nobody's, the ticket is done."""

_TURN: Final[dict[TicketState, Party | None]] = {
    TicketState.NEW: Party.US,
    TicketState.OPEN: Party.US,
    TicketState.WAITING_CUSTOMER: Party.CUSTOMER,
    TicketState.WITH_21VIANET: Party.VNET,
    TicketState.RESOLVED: Party.CUSTOMER,
    TicketState.CLOSED: None,
}


def marks_of(
    opened_at: datetime,
    states: Iterable[tuple[datetime, TicketState]],
    steps: Iterable[tuple[datetime, EscalationState]],
) -> list[Mark]:
    """Turn a ticket's states and its cases' steps into marks, in order of time.

    While 21Vianet waits for information of ours the ticket is still with 21Vianet, but the turn is ours.
    """
    marks: list[Mark] = [(opened_at, Party.US)]
    marks += [(at, _TURN[state]) for at, state in states]
    asked = False
    for at, state in sorted(steps, key=lambda step: step[0]):
        if state is EscalationState.INFORMATION_REQUESTED:
            marks.append((at, Party.US))
        if state is EscalationState.FILED and asked:
            marks.append((at, Party.VNET))
        asked = state is EscalationState.INFORMATION_REQUESTED
    return sorted(marks, key=lambda mark: mark[0])


def split(marks: Sequence[Mark], *, start: datetime, end: datetime) -> dict[Party, timedelta]:
    """Give each party's time between `start` and `end`; together it is the time the ticket was not done."""
    total = dict.fromkeys(Party, timedelta())
    for position, (at, party) in enumerate(marks):
        until = marks[position + 1][0] if position + 1 < len(marks) else end
        if party is not None:
            total[party] += max(timedelta(), min(until, end) - max(at, start))
    return total
