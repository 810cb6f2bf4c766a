"""Working time: hours and days that count, in one time zone. Pure: no clock, no library of holidays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_LONGEST_REST: Final = 60
"""No calendar rests longer than this many days; one that does is broken, and searching it must end."""
_SATURDAY: Final = 5


class DayKinds(Protocol):
    """Which days are worked, and for which years that is known for certain."""

    def is_working_day(self, day: date) -> bool:
        """Whether people work on `day`."""

    def is_confirmed(self, year: int) -> bool:
        """Whether the days of `year` were announced, not merely computed."""


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Monday to Friday, without any holiday."""

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is no weekend."""
        return day.weekday() < _SATURDAY

    def is_confirmed(self, year: int) -> bool:
        """Weekdays need no announcement."""
        return year > 0


@dataclass(frozen=True, slots=True)
class ListedDays:
    """Monday to Friday, less the days off, plus the make-up working days."""

    off: frozenset[date]
    make_up: frozenset[date] = frozenset()
    confirmed: frozenset[int] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is worked; a make-up day is, although it is a weekend."""
        if day in self.make_up:
            return True
        return day.weekday() < _SATURDAY and day not in self.off

    def is_confirmed(self, year: int) -> bool:
        """Whether the list holds the announced days of `year`."""
        return year in self.confirmed


@dataclass(frozen=True, slots=True)
class OverriddenDays:
    """The days of a country, less what the partner decided otherwise; and the years it confirmed itself."""

    base: DayKinds
    worked: frozenset[date] = frozenset()
    off: frozenset[date] = frozenset()
    confirmed: frozenset[int] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is worked: the partner's own word first."""
        if day in self.worked:
            return True
        return day not in self.off and self.base.is_working_day(day)

    def is_confirmed(self, year: int) -> bool:
        """Whether the year was announced, or somebody here compared it with the announcement."""
        return year in self.confirmed or self.base.is_confirmed(year)


class NoWorkingDaysError(ValueError):
    """A calendar on which nobody ever works."""


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Opening hours on working days, in one zone. Takes and gives aware datetimes; gives UTC."""

    zone: ZoneInfo
    opens: time
    closes: time
    days: DayKinds

    def is_working_day(self, day: date) -> bool:
        """Whether `day` (a day of this calendar's zone) is worked."""
        return self.days.is_working_day(day)

    def is_confirmed(self, year: int) -> bool:
        """Whether the working days of `year` were announced; else dates in it may still move."""
        return self.days.is_confirmed(year)

    def unconfirmed_year(self, moment: datetime) -> int | None:
        """The year of `moment` while its days are not announced: what is promised for then may still move."""
        year = self._day_of(moment).year
        return None if self.is_confirmed(year) else year

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody works at `moment`; the closing moment itself is closed."""
        opens, closes = self._hours_of(self._day_of(moment))
        return self.is_working_day(self._day_of(moment)) and opens <= moment < closes

    def next_open(self, start: datetime) -> datetime:
        """`start` when somebody works then, else the next opening."""
        if self.is_open(start):
            return start.astimezone(UTC)
        return next(opens for opens, _ in self._windows(start) if opens > start)

    def add_hours(self, start: datetime, hours: float) -> datetime:
        """Give the moment by which `hours` (not negative) of working time have passed since `start`."""
        left = timedelta(hours=hours)
        for opens, closes in self._windows(start):
            begin = max(start, opens)
            if begin > closes:
                continue
            if left <= closes - begin:
                return (begin + left).astimezone(UTC)
            left -= closes - begin
        raise NoWorkingDaysError

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """Give the same time of day, `days` (not negative) working days later.

        A start outside working time counts from the next opening: Saturday 11:00 and one working day
        is Tuesday at opening.
        """
        begin = self.next_open(start).astimezone(self.zone)
        dates = self._working_days(begin.date())
        for _ in range(days):
            next(dates)
        return datetime.combine(next(dates), begin.timetz()).astimezone(UTC)

    def hours_before(self, end: datetime, hours: float) -> datetime:
        """Give the latest moment since which `hours` (more than none) of working time have passed until `end`."""
        left = timedelta(hours=hours)
        day = self._day_of(end)
        for worked in self._working_days(day, step=-_DAY):
            opens, closes = self._hours_of(worked)
            finish = min(end, closes)
            if finish <= opens:
                continue
            if left <= finish - opens:
                return (finish - left).astimezone(UTC)
            left -= finish - opens
        raise NoWorkingDaysError

    def hours_between(self, a: datetime, b: datetime) -> float:
        """Working hours from `a` to `b`; negative when `b` is earlier."""
        return self.time_between(a, b) / _HOUR

    def time_between(self, a: datetime, b: datetime) -> timedelta:
        """Working time from `a` to `b`, exact; negative when `b` is earlier."""
        if b < a:
            return -self.time_between(b, a)
        total = timedelta()
        day, last = self._day_of(a), self._day_of(b)
        while day <= last:
            if self.is_working_day(day):
                opens, closes = self._hours_of(day)
                total += max(timedelta(), min(b, closes) - max(a, opens))
            day += _DAY
        return total

    def _day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def _hours_of(self, day: date) -> tuple[datetime, datetime]:
        return (
            datetime.combine(day, self.opens, self.zone).astimezone(UTC),
            datetime.combine(day, self.closes, self.zone).astimezone(UTC),
        )

    def _windows(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        return (self._hours_of(day) for day in self._working_days(self._day_of(start)))

    def _working_days(self, day: date, *, step: timedelta = _DAY) -> Iterator[date]:
        rest = 0
        while rest <= _LONGEST_REST:
            works = self.is_working_day(day)
            rest = 0 if works else rest + 1
            if works:
                yield day
            day += step
        raise NoWorkingDaysError
