"""The partner's working time as it stands in the database: the one place that loads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.workcalendar.holiday_days import CountryDays
from helpdesk.workcalendar.models import CalendarOverride, CalendarSettings, ConfirmedYear
from helpdesk.workcalendar.rules import DayKinds, OverriddenDays, Weekdays, WorkCalendar
from helpdesk.workcalendar.services import VNET_COUNTRY, country_of, partner_calendar, vnet_calendar

_CACHE: Final = "work_calendar"
_SETTINGS, _DAY, _YEAR = "settings", "day", "year"


@dataclass(frozen=True, slots=True)
class _Loaded:
    """The partner's working time, and whose years somebody confirmed."""

    calendar: WorkCalendar
    confirmed: frozenset[tuple[str, int]]


def current_calendar(session: Session, *, zone: str) -> WorkCalendar:
    """Give the partner's working time; one statement a session, however often it is asked.

    Where nobody chose anything yet, `zone` (from the settings) decides, as `partner_calendar` has it.
    """
    return _known(session, zone).calendar


def unconfirmed_year(session: Session, moment: datetime, *, zone: str, at_21vianet: bool = False) -> int | None:
    """The year of `moment` while its working days (ours, or 21Vianet's) are neither announced nor confirmed here."""
    known = _known(session, zone)
    if not at_21vianet:
        return known.calendar.unconfirmed_year(moment)
    year = vnet_calendar().unconfirmed_year(moment)
    return None if year is None or (VNET_COUNTRY, year) in known.confirmed else year


def forget_calendar(session: Session) -> None:
    """Read the calendar again when it is asked for: it was changed."""
    session.info.pop(_CACHE, None)


def current_country(session: Session, *, zone: str) -> str:
    """Whose public holidays are kept now; empty for nobody's."""
    chosen = session.get(CalendarSettings, 1)
    return chosen.country if chosen else country_of(zone)


def overrides(session: Session) -> list[CalendarOverride]:
    """Days that differ from the country's calendar, latest first."""
    return list(session.scalars(sa.select(CalendarOverride).order_by(CalendarOverride.day.desc())))


def confirmed_years(session: Session, country: str) -> set[int]:
    """Years that an administrator confirmed."""
    return set(session.scalars(sa.select(ConfirmedYear.year).where(ConfirmedYear.country == country)))


def _known(session: Session, zone: str) -> _Loaded:
    known = session.info.get(_CACHE)
    if isinstance(known, _Loaded):
        return known
    loaded = _loaded(session, zone)
    session.info[_CACHE] = loaded
    return loaded


def _loaded(session: Session, zone: str) -> _Loaded:
    rows = [tuple(row) for row in session.execute(_everything())]
    chosen = next((row for row in rows if row[0] == _SETTINGS), None)
    plain = partner_calendar(zone)
    confirmed = frozenset((row[1], int(row[2])) for row in rows if row[0] == _YEAR)
    country = chosen[1] if chosen else country_of(zone)
    days: DayKinds = CountryDays(country) if country else Weekdays()
    if any(row[0] != _SETTINGS for row in rows):
        days = OverriddenDays(
            days,
            worked=frozenset(date.fromisoformat(row[1]) for row in rows if row[0] == _DAY and row[2] == "1"),
            off=frozenset(date.fromisoformat(row[1]) for row in rows if row[0] == _DAY and row[2] == "0"),
            confirmed=frozenset(year for of, year in confirmed if of == country),
        )
    if chosen is None:
        return _Loaded(WorkCalendar(plain.zone, plain.opens, plain.closes, days), confirmed)
    opens, closes = time.fromisoformat(chosen[3]), time.fromisoformat(chosen[4])
    return _Loaded(WorkCalendar(ZoneInfo(chosen[2]), opens, closes, days), confirmed)


@cache
def _everything() -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Settings, days and years in one statement, as text."""
    nothing = sa.literal("")
    return sa.union_all(
        sa.select(
            sa.literal(_SETTINGS),
            CalendarSettings.country,
            CalendarSettings.zone,
            sa.cast(CalendarSettings.opens, sa.String),
            sa.cast(CalendarSettings.closes, sa.String),
        ),
        sa.select(
            sa.literal(_DAY),
            sa.cast(CalendarOverride.day, sa.String),
            sa.case((CalendarOverride.works, "1"), else_="0"),
            nothing,
            nothing,
        ),
        sa.select(sa.literal(_YEAR), ConfirmedYear.country, sa.cast(ConfirmedYear.year, sa.String), nothing, nothing),
    )
