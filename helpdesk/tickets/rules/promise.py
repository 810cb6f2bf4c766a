"""When we answer at the latest, and how an agent reads that clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from helpdesk.tickets.models import TicketState
from helpdesk.tickets.rules.states import CLOCK_RUNS
from helpdesk.workcalendar.rules import WorkCalendar

SOON: Final = timedelta(hours=2)
"""A clock with less than this left is shown as urgent."""


class ClockWord(StrEnum):
    """What the clock of a ticket says."""

    LEFT = "left"
    SOON = "soon"
    LATE = "late"
    CUSTOMER = "customer"
    VNET = "vnet"
    CONFIRMATION = "confirmation"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Clock:
    """A word, and the moment it counts to while it runs."""

    word: ClockWord
    due_at: datetime | None = None


_STOPPED: Final = {
    TicketState.WAITING_CUSTOMER: Clock(ClockWord.CUSTOMER),
    TicketState.WITH_21VIANET: Clock(ClockWord.VNET),
    TicketState.RESOLVED: Clock(ClockWord.CONFIRMATION),
    TicketState.CLOSED: Clock(ClockWord.DONE),
}


def answer_due(hours: float, *, now: datetime, calendar: WorkCalendar) -> datetime:
    """Give the latest moment of our next answer: the goal's working hours from `now`."""
    return calendar.add_hours(now, hours)


def kept_promise(promised: datetime, computed: datetime) -> datetime:
    """Give the earlier of the two: what a customer was promised never moves to a later time."""
    return min(promised, computed)


def after_a_pause(promised: datetime, *, paused_at: datetime, now: datetime, calendar: WorkCalendar | None) -> datetime:
    """Leave as much working time as was left when 21Vianet got the ticket: its time is counted apart.

    A promise that was broken by then stays late by as much. Without a `calendar` every hour counts.
    """
    if calendar is None:
        return promised + max(timedelta(), now - paused_at)
    left = calendar.hours_between(paused_at, promised)
    if left > 0:
        return calendar.add_hours(now, left)
    return calendar.hours_before(now, -left) if left < 0 else now


def clock_of(state: TicketState, due_at: datetime, *, now: datetime) -> Clock:
    """Read the clock of a ticket."""
    if state not in CLOCK_RUNS:
        return _STOPPED[state]
    if now > due_at:
        return Clock(ClockWord.LATE, due_at)
    return Clock(ClockWord.SOON if due_at - now <= SOON else ClockWord.LEFT, due_at)
