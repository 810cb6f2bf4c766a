"""What an administrator says about our working time."""

from __future__ import annotations

from datetime import date, time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import Length

from helpdesk.tickets.forms.fields import SelectChoice, SelectField, refuse, tidy_line_or_empty
from helpdesk.tickets.labels.calendar import COUNTRIES
from helpdesk.workcalendar.rules import WorkCalendar


class HoursForm(FlaskForm):
    """Hours, zone, country."""

    country = SelectField(_l("Public holidays of"))
    zone = StringField(_l("Time zone"), filters=[tidy_line_or_empty], validators=[Length(max=60)])
    opens = StringField(_l("We open at"), filters=[tidy_line_or_empty])
    closes = StringField(_l("We close at"), filters=[tidy_line_or_empty])

    def __init__(self, calendar: WorkCalendar, country: str) -> None:
        """Begin with how it is now."""
        super().__init__(
            prefix="hours-",
            data={
                "country": country,
                "zone": calendar.zone.key,
                "opens": calendar.opens.isoformat("minutes"),
                "closes": calendar.closes.isoformat("minutes"),
            },
        )
        self.country.choices = [SelectChoice(code, str(name)) for code, name in COUNTRIES.items()]
        self.from_to: tuple[time, time] = (calendar.opens, calendar.closes)

    def validate(self, extra_validators: object = None) -> bool:
        """Read the two hours."""
        good: bool = super().validate(extra_validators)
        opens, closes = _time(self.opens.data), _time(self.closes.data)
        if opens is None:
            good = refuse(self.opens, _("Write the hour like 9:00."))
        if closes is None:
            good = refuse(self.closes, _("Write the hour like 18:00."))
        if opens is not None and closes is not None:
            self.from_to = (opens, closes)
        return good


class DayForm(FlaskForm):
    """A day off, or a day of work."""

    day = StringField(_l("Day"), filters=[tidy_line_or_empty])
    works = RadioField(_l("On this day we"), validate_choice=False, default="off")
    note = StringField(
        _l("Why"),
        filters=[tidy_line_or_empty],
        validators=[Length(max=100, message=_l("Keep it under 100 characters."))],
    )

    def __init__(self) -> None:
        """Offer rest and work."""
        super().__init__(prefix="day-")
        self.works.choices = [SelectChoice("off", _("rest")), SelectChoice("work", _("work"))]
        self.chosen: date | None = None

    def validate(self, extra_validators: object = None) -> bool:
        """Read the day."""
        good: bool = super().validate(extra_validators)
        try:
            self.chosen = date.fromisoformat(self.day.data or "")
        except ValueError:
            return refuse(self.day, _("Write the day like 2026-10-01."))
        if self.works.data not in {"off", "work"}:
            return refuse(self.works, _("Choose one of the list."))
        return good


def _time(text: str | None) -> time | None:
    """`9:00`, `09:00` or `09:00:00`; None for anything else."""
    hours, _colon, rest = (text or "").partition(":")
    try:
        return time.fromisoformat(f"{hours:0>2}:{rest}").replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None
