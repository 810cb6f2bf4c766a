"""Deciding when we work: hours, zone, country, single days, and years that were compared with the announcement."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.errors import DomainError
from helpdesk.tickets.rules.words import tidy_line
from helpdesk.workcalendar.current import forget_calendar
from helpdesk.workcalendar.models import CalendarOverride, CalendarSettings, ConfirmedYear

COUNTRIES: Final = ("CN", "JP", "")
"""Whose public holidays can be kept; the last is nobody's."""
_NOTE_MAX: Final = 100


class NoSuchZone(DomainError):
    """There is no time zone of that name. Write it like Asia/Shanghai."""


class ClosesTooEarly(DomainError):
    """We close after we open: give a later hour."""


class NoSuchCountry(DomainError):
    """Choose one of the list."""


def set_hours(
    session: Session, *, country: str, zone: str, opens: time, closes: time, by: User, now: datetime
) -> CalendarSettings:
    """Keep the hours we work, in which zone, and whose holidays we keep.

    Promises that were made stay as they are. Raises `NoSuchCountry`, `NoSuchZone`, `ClosesTooEarly`.
    """
    if country not in COUNTRIES:
        raise NoSuchCountry
    if zone not in available_timezones():
        raise NoSuchZone
    if closes <= opens:
        raise ClosesTooEarly
    kept = session.get(CalendarSettings, 1)
    before = _hours(kept) if kept else {}
    kept = kept or CalendarSettings(id=1)
    kept.country, kept.zone, kept.opens, kept.closes, kept.updated_at = country, zone, opens, closes, now
    session.add(kept)
    _note(session, "hours_set", "hours", by=by, now=now, before=before, after=_hours(kept))
    return kept


def override_day(session: Session, *, day: date, works: bool, note: str, by: User, now: datetime) -> CalendarOverride:
    """Rest or work on a day, whatever the country's calendar says; the same day again changes it."""
    kept = session.get(CalendarOverride, day) or CalendarOverride(day=day)
    kept.works, kept.note = works, tidy_line(note)[:_NOTE_MAX]
    session.add(kept)
    _note(session, "day_set", day.isoformat(), by=by, now=now, after={"works": works, "note": kept.note})
    return kept


def forget_override(session: Session, kept: CalendarOverride, *, by: User, now: datetime) -> None:
    """Follow the country's calendar on that day again."""
    day, before = kept.day.isoformat(), {"works": kept.works, "note": kept.note}
    session.delete(kept)
    _note(session, "day_forgotten", day, by=by, now=now, before=before)


def confirm_year(session: Session, *, country: str, year: int, by: User, now: datetime) -> None:
    """Say that the days of a year were compared with what the country announced; twice is once."""
    if session.get(ConfirmedYear, (country, year)) is not None:
        return
    session.add(ConfirmedYear(country=country, year=year, confirmed_at=now))
    _note(session, "year_confirmed", f"{country} {year}", by=by, now=now)


def doubt_year(session: Session, *, country: str, year: int, by: User, now: datetime) -> None:
    """Take a confirmation back."""
    kept = session.get(ConfirmedYear, (country, year))
    if kept is None:
        return
    session.delete(kept)
    _note(session, "year_doubted", f"{country} {year}", by=by, now=now)


def _hours(kept: CalendarSettings) -> dict[str, str]:
    return {
        "country": kept.country,
        "zone": kept.zone,
        "opens": kept.opens.isoformat("minutes"),
        "closes": kept.closes.isoformat("minutes"),
    }


def _note(
    session: Session,
    deed: str,
    what: str,
    *,
    by: User,
    now: datetime,
    before: dict[str, object] | dict[str, str] | None = None,
    after: dict[str, object] | dict[str, str] | None = None,
) -> None:
    session.flush()
    forget_calendar(session)
    record(
        session,
        f"calendar.{deed}",
        object_type="calendar",
        object_id=what,
        actor_id=by.id,
        now=now,
        before=dict(before) if before else None,
        after=dict(after) if after else None,
    )
