"""The page of our working time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db, settings
from helpdesk.permissions import Permission
from helpdesk.tickets.forms.calendar import DayForm, HoursForm
from helpdesk.tickets.labels.calendar import COUNTRIES
from helpdesk.tickets.services.calendar import (
    NoSuchZone,
    confirm_year,
    doubt_year,
    forget_override,
    override_day,
    set_hours,
)
from helpdesk.tickets.views.blueprints import calendar, desk_bp
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import found, requires
from helpdesk.workcalendar.current import confirmed_years, current_country, overrides
from helpdesk.workcalendar.holiday_days import days_of
from helpdesk.workcalendar.models import CalendarOverride

_YEARS: Final = 3
"""This year and the next two are shown: no promise reaches further."""
_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Year:
    """A year as the page shows it."""

    year: int
    is_announced: bool
    is_confirmed_here: bool
    off: list[tuple[date, date]]
    """Rests on what would be working days: first and last day."""
    make_up: list[date]


@desk_bp.get("/calendar")
@requires(Permission.ADMINISTER)
def calendar_page() -> ResponseReturnValue:
    """Show hours, years and single days."""
    return _page()


@desk_bp.post("/calendar/hours")
@requires(Permission.ADMINISTER)
def calendar_hours() -> ResponseReturnValue:
    """Keep hours, zone and country."""
    form = HoursForm(calendar(), _country())
    if not form.validate():
        return _page(hours=form)
    opens, closes = form.from_to
    try:
        set_hours(
            db.session,
            country=form.country.data or "",
            zone=form.zone.data or "",
            opens=opens,
            closes=closes,
            by=signed_in_user(),
            now=utc_now(),
        )
    except DomainError as refusal:
        field = form.zone if isinstance(refusal, NoSuchZone) else form.closes
        field.errors = [sentence_of(refusal)]
        return _page(hours=form)
    return _done(_("Saved. Promises that were made already stay as they are."))


@desk_bp.post("/calendar/days")
@requires(Permission.ADMINISTER)
def calendar_day() -> ResponseReturnValue:
    """Rest or work on a day."""
    form = DayForm()
    if not form.validate() or form.chosen is None:
        return _page(day=form)
    works, note = form.works.data == "work", form.note.data or ""
    override_day(db.session, day=form.chosen, works=works, note=note, by=signed_in_user(), now=utc_now())
    return _done(_("The day is kept."))


@desk_bp.post("/calendar/days/<day>/forget")
@requires(Permission.ADMINISTER)
def calendar_forget(day: str) -> ResponseReturnValue:
    """Follow the country's calendar again."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        abort(404)
    kept = found(db.session.get(CalendarOverride, wanted))
    forget_override(db.session, kept, by=signed_in_user(), now=utc_now())
    return _done(_("The day follows the public calendar again."))


@desk_bp.post("/calendar/years/<int:year>/confirm")
@requires(Permission.ADMINISTER)
def calendar_confirm(year: int) -> ResponseReturnValue:
    """Say that a year's days were compared with the announcement."""
    return _about_year(year, confirm_year, _("%(year)s is confirmed.", year=year))


@desk_bp.post("/calendar/years/<int:year>/doubt")
@requires(Permission.ADMINISTER)
def calendar_doubt(year: int) -> ResponseReturnValue:
    """Take a confirmation back."""
    return _about_year(year, doubt_year, _("%(year)s counts as unconfirmed again.", year=year))


def _about_year(year: int, deed: Callable[..., None], said: str) -> ResponseReturnValue:
    country = _country()
    if year not in _years() or not country:
        abort(404)
    deed(db.session, country=country, year=year, by=signed_in_user(), now=utc_now())
    return _done(said)


def _done(said: str) -> ResponseReturnValue:
    db.session.commit()
    flash(said, "success")
    return redirect(url_for(".calendar_page"))


def _country() -> str:
    return current_country(db.session, zone=settings().partner_time_zone)


def _years() -> range:
    first = utc_now().astimezone(calendar().zone).year
    return range(first, first + _YEARS)


def _page(hours: HoursForm | None = None, day: DayForm | None = None) -> ResponseReturnValue:
    country = _country()
    confirmed = confirmed_years(db.session, country)
    return render_template(
        "desk/calendar.html",
        hours=hours or HoursForm(calendar(), country),
        day=day or DayForm(),
        country=COUNTRIES.get(country, country),
        years=[_year(country, year, is_confirmed_here=year in confirmed) for year in _years()] if country else [],
        overrides=overrides(db.session),
    )


def _year(country: str, year: int, *, is_confirmed_here: bool) -> Year:
    days = days_of(country, year)
    return Year(
        year,
        is_announced=days.is_confirmed(year),
        is_confirmed_here=is_confirmed_here,
        off=_spans(sorted(day for day in days.off if day.weekday() < _SATURDAY and day not in days.make_up)),
        make_up=sorted(days.make_up),
    )


def _spans(days: list[date]) -> list[tuple[date, date]]:
    """Days in a row as first and last, weekends between them counted in."""
    spans: list[tuple[date, date]] = []
    for day in days:
        if spans and day - spans[-1][1] <= (_DAY if day.weekday() else 3 * _DAY):
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans
