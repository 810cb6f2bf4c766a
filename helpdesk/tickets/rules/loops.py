"""Which loops were closed: how each resolution ended. Source: domain, duty 5."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from helpdesk.tickets.models import EventKind, Topic


class Ending(StrEnum):
    """How a resolution ended."""

    CONFIRMED = "confirmed"
    """The customer said that it is solved."""
    RAN_OUT = "ran_out"
    """The explanation was delivered, and its working days passed without a word."""
    REOPENED = "reopened"
    """It was not solved after all."""
    BOUNCED = "bounced"
    """The explanation never arrived."""
    WAITING = "waiting"
    """Neither confirmed nor run out yet."""


CLOSED_LOOPS: Final = frozenset({Ending.CONFIRMED, Ending.RAN_OUT})
LOOP_EVENTS: Final = (EventKind.RESOLVED, EventKind.CONFIRMED, EventKind.CLOSED, EventKind.REOPENED)
_ENDS: Final = {
    EventKind.CONFIRMED: Ending.CONFIRMED,
    EventKind.CLOSED: Ending.RAN_OUT,
    EventKind.REOPENED: Ending.REOPENED,
}


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a ticket, of one of `LOOP_EVENTS`."""

    ticket_id: int
    topic: Topic
    kind: EventKind
    at: datetime


@dataclass(slots=True)
class Loop:
    """One resolution, and how it ended."""

    ticket_id: int
    topic: Topic
    resolved_at: datetime
    ending: Ending = Ending.WAITING


@dataclass(slots=True)
class Tally:
    """How many resolutions ended in which way."""

    endings: dict[Ending, int] = field(default_factory=lambda: dict.fromkeys(Ending, 0))

    def add(self, ending: Ending) -> None:
        """Count one more."""
        self.endings[ending] += 1

    @property
    def resolved(self) -> int:
        """All resolutions."""
        return sum(self.endings.values())

    @property
    def closed(self) -> int:
        """Loops that were closed."""
        return sum(self.endings[ending] for ending in CLOSED_LOOPS)

    @property
    def share(self) -> float | None:
        """Closed loops of all resolutions; None where nothing was resolved."""
        return self.closed / self.resolved if self.resolved else None


def loops_of(events: Iterable[Happened], *, undelivered: Collection[int]) -> list[Loop]:
    """Pair each resolution with what came after; `events` stand in the order of each ticket.

    A ticket that was closed and opened again was not solved: the last word before the next resolution counts.
    `undelivered` are tickets whose latest explanation came back.
    """
    loops: list[Loop] = []
    latest: dict[int, Loop] = {}
    for event in events:
        if event.kind is EventKind.RESOLVED:
            latest[event.ticket_id] = Loop(event.ticket_id, event.topic, event.at)
            loops.append(latest[event.ticket_id])
        elif event.ticket_id in latest:
            latest[event.ticket_id].ending = _ENDS[event.kind]
    for ticket_id in undelivered:
        loop = latest.get(ticket_id)
        if loop is not None and loop.ending is Ending.WAITING:
            loop.ending = Ending.BOUNCED
    return loops


def by_month_and_topic(loops: Iterable[Loop], *, zone: ZoneInfo) -> dict[tuple[date, Topic], Tally]:
    """Count by the month of the resolution (in `zone`) and the topic."""
    tallies: dict[tuple[date, Topic], Tally] = {}
    for loop in loops:
        month = loop.resolved_at.astimezone(zone).date().replace(day=1)
        tallies.setdefault((month, loop.topic), Tally()).add(loop.ending)
    return tallies


def together(tallies: Iterable[Tally]) -> Tally:
    """Several counts as one."""
    total = Tally()
    for tally in tallies:
        for ending, count in tally.endings.items():
            total.endings[ending] += count
    return total


def months_up_to(last: date, count: int) -> list[date]:
    """The first days of `count` months, oldest first, that of `last` included."""
    numbers = range(last.year * 12 + last.month - count, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]
