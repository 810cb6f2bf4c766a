"""A ticket's way in steps that a customer understands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from helpdesk.tickets.models import EventKind, TicketState


class Step(StrEnum):
    """Stations on the way, in the customer's words."""

    RECEIVED = "received"
    WORKED_ON = "worked_on"
    WITH_21VIANET = "with_21vianet"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Station:
    """One station: reached or not, when, and whether the ticket is there now."""

    step: Step
    at: datetime | None
    is_current: bool = False

    @property
    def is_reached(self) -> bool:
        """Whether the ticket was here."""
        return self.at is not None


CUSTOMER_EVENTS: Final = frozenset(
    {
        EventKind.OPENED,
        EventKind.ESCALATED,
        EventKind.VNET_ANSWERED,
        EventKind.RESOLVED,
        EventKind.CONFIRMED,
        EventKind.CLOSED,
        EventKind.REOPENED,
    }
)
"""Events a customer may see; triage, states and ratings are the partner's own business."""

_STEP_OF: Final = {
    EventKind.OPENED: Step.RECEIVED,
    EventKind.TRIAGED: Step.WORKED_ON,
    EventKind.STATE_CHANGED: Step.WORKED_ON,
    EventKind.ESCALATED: Step.WITH_21VIANET,
    EventKind.VNET_ANSWERED: Step.WORKED_ON,
    EventKind.RESOLVED: Step.ANSWERED,
    EventKind.CONFIRMED: Step.CLOSED,
    EventKind.CLOSED: Step.CLOSED,
    EventKind.REOPENED: Step.WORKED_ON,
}
_BEGINNINGS: Final = frozenset({EventKind.TRIAGED, EventKind.STATE_CHANGED})
"""Work begins with the first of these; later ones are part of it."""

_CURRENT: Final = {
    TicketState.NEW: Step.RECEIVED,
    TicketState.OPEN: Step.WORKED_ON,
    TicketState.WAITING_CUSTOMER: Step.ANSWERED,
    TicketState.WITH_21VIANET: Step.WITH_21VIANET,
    TicketState.RESOLVED: Step.ANSWERED,
    TicketState.CLOSED: Step.CLOSED,
}


def stations(
    events: Iterable[tuple[EventKind, datetime]], state: TicketState, *, answered_at: datetime | None = None
) -> list[Station]:
    """Give the way of a ticket: the steps reached, each with its last time, and those still ahead.

    `answered_at` is when we last wrote to the customer.

    A step that lies after the current one is ahead again, although it was reached before a reopening;
    21Vianet's step is shown only to those whose ticket was there.
    """
    reached: dict[Step, datetime] = {Step.ANSWERED: answered_at} if answered_at else {}
    for kind, at in events:
        if kind in _BEGINNINGS:
            reached.setdefault(_STEP_OF[kind], at)
        elif kind in _STEP_OF:
            reached[_STEP_OF[kind]] = at
    current = _CURRENT[state]
    order = [step for step in Step if step is not Step.WITH_21VIANET or step in reached]
    if current not in order:
        order = list(Step)
    here = order.index(current)
    return [
        Station(step, reached.get(step) if position <= here or step is Step.WITH_21VIANET else None, step is current)
        for position, step in enumerate(order)
    ]
