"""How well we escalate: what came back as inappropriate, and how long 21Vianet takes. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from typing import TypeVar
from zoneinfo import ZoneInfo

from helpdesk.escalations.models import EscalationReason, EscalationState, Outcome
from helpdesk.tickets.models import Topic
from helpdesk.workcalendar.rules import WorkCalendar

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Past:
    """One case as the report counts it."""

    reason: EscalationReason
    topic: Topic
    agent: str
    outcome: Outcome | None
    ended_at: datetime | None
    steps: tuple[tuple[datetime, EscalationState], ...] = ()

    @property
    def is_judged(self) -> bool:
        """Whether 21Vianet said something: neither open nor taken back by us."""
        return self.outcome not in {None, Outcome.WITHDRAWN}


@dataclass(slots=True)
class Tally:
    """Cases of one kind, those 21Vianet answered, and those it returned as inappropriate."""

    cases: int = 0
    judged: int = 0
    inappropriate: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)

    def add(self, past: Past) -> None:
        """Count one case."""
        self.cases += 1
        self.judged += past.is_judged
        self.inappropriate += past.outcome is Outcome.INAPPROPRIATE
        if past.outcome is not None:
            self.outcomes[past.outcome] += 1

    @property
    def share(self) -> float | None:
        """Share returned as inappropriate, of those answered; None where none was."""
        return self.inappropriate / self.judged if self.judged else None


def tally(cases: Iterable[Past], kind: Callable[[Past], Kind]) -> dict[Kind, Tally]:
    """Count cases by `kind`, the most frequent first."""
    found: dict[Kind, Tally] = {}
    for past in cases:
        found.setdefault(kind(past), Tally()).add(past)
    return dict(sorted(found.items(), key=lambda item: -item[1].cases))


def months_until(last: date, count: int) -> list[date]:
    """Give the first days of `count` months, the last one that of `last`."""
    number = last.year * 12 + last.month - 1
    return [date((number - back) // 12, (number - back) % 12 + 1, 1) for back in reversed(range(count))]


def trend(cases: Sequence[Past], months: Sequence[date], zone: ZoneInfo) -> dict[date, Tally]:
    """Count the cases that 21Vianet answered in each month."""
    found = {month: Tally() for month in months}
    for past in cases:
        if past.ended_at is None or not past.is_judged:
            continue
        month = past.ended_at.astimezone(zone).date().replace(day=1)
        if month in found:
            found[month].add(past)
    return found


def vnet_hours(steps: Sequence[tuple[datetime, EscalationState]], calendar: WorkCalendar) -> float | None:
    """Give 21Vianet's working hours until its (last) answer, without the time it waited for us; None: no answer."""
    answers = [position for position, (_, state) in enumerate(steps) if state is EscalationState.ANSWERED]
    if not answers:
        return None
    counted = steps[: answers[-1] + 1]
    return sum(
        calendar.hours_between(at, counted[position + 1][0])
        for position, (at, state) in enumerate(counted[:-1])
        if state is EscalationState.FILED
    )


def median_hours(cases: Iterable[Past], calendar: WorkCalendar) -> float | None:
    """Give the median of 21Vianet's working hours until its answer; None where it never answered."""
    hours = [found for past in cases if (found := vnet_hours(past.steps, calendar)) is not None]
    return median(hours) if hours else None
