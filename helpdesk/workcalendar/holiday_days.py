"""Holidays of a country from the `holidays` library, with its make-up working days."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

import holidays

from helpdesk.workcalendar.rules import ListedDays

_MADE_UP: Final = frozenset({"CN"})
"""Countries that move working days, so that a year is known only once it was announced."""
_DECEMBER: Final = 12
_NEXT_YEARS_DAYS: Final = 29
"""A make-up day from 29 December on belongs to New Year: it says nothing of its own year."""


@cache
def days_of(country: str, year: int) -> ListedDays:
    """List the days of one `year` in `country` (ISO 3166), asking the next year too: New Year moves days in December.

    For a Chinese year not yet announced the library gives plausible days without a flag; a year therefore
    counts as confirmed only when make-up days exist in it.
    """
    around = [holidays.country_holidays(country, years=[each]) for each in (year, year + 1)]
    made_up = {day for listed in around for day in listed.weekend_workdays if day.year == year}
    off = {day for day in around[0] if day.year == year}
    confirmed = country not in _MADE_UP or any(not _is_new_years(day) for day in made_up)
    return ListedDays(
        off=frozenset(off), make_up=frozenset(made_up), confirmed=frozenset({year}) if confirmed else frozenset()
    )


def _is_new_years(day: date) -> bool:
    return day.month == _DECEMBER and day.day >= _NEXT_YEARS_DAYS


class CountryDays:
    """The working days of one country, year by year as they are asked for."""

    def __init__(self, country: str) -> None:
        """Speak for `country` (ISO 3166)."""
        self.country = country

    def is_working_day(self, day: date) -> bool:
        """Whether people there work on `day`."""
        return days_of(self.country, day.year).is_working_day(day)

    def is_confirmed(self, year: int) -> bool:
        """Whether the days of `year` were announced there."""
        return days_of(self.country, year).is_confirmed(year)
