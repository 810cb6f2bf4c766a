"""Billing cycles: months that begin on the day of the month on which the term began."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class Period:
    """Calendar days from `start` to `end`, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        """Refuse a period that ends before it begins."""
        if self.end < self.start:
            msg = f"a period cannot end on {self.end} before it begins on {self.start}"
            raise ValueError(msg)

    @property
    def days(self) -> int:
        """How many days it has, counting both ends."""
        return (self.end - self.start).days + 1

    def __contains__(self, day: date) -> bool:
        """Whether `day` lies in it."""
        return self.start <= day <= self.end

    def covers(self, other: Period) -> bool:
        """Whether every day of `other` lies in it."""
        return self.start <= other.start and other.end <= self.end


def cycle_of(day: date, *, anchor: int) -> Period:
    """The monthly cycle that holds `day`, when cycles begin on the `anchor`-th of the month (1 to 31).

    A month without that day begins its cycle on its last day.
    """
    start = _anchored(day.year, day.month, anchor)
    if start > day:
        start = _anchored(*_month_before(day.year, day.month), anchor)
    following = _anchored(*_month_after(start.year, start.month), anchor)
    return Period(start, following - timedelta(days=1))


def cycle_after(cycle: Period, *, anchor: int) -> Period:
    """The cycle that begins on the day after `cycle` ends."""
    return cycle_of(cycle.end + timedelta(days=1), anchor=anchor)


def _anchored(year: int, month: int, anchor: int) -> date:
    return date(year, month, min(anchor, calendar.monthrange(year, month)[1]))


def _month_before(year: int, month: int) -> tuple[int, int]:
    return (year - 1, _DECEMBER) if month == 1 else (year, month - 1)


def _month_after(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == _DECEMBER else (year, month + 1)
