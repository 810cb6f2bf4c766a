"""What every page may ask of the calendar."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from helpdesk.extensions import db, settings
from helpdesk.workcalendar.current import current_calendar, unconfirmed_year
from helpdesk.workcalendar.words import hours_words


def _year(moment: datetime | None, at_21vianet: bool = False) -> int | None:  # noqa: FBT001, FBT002 - asked in templates
    """The year of a promised moment while it is not known which of its days are worked."""
    if moment is None:
        return None
    return unconfirmed_year(db.session, moment, zone=settings().partner_time_zone, at_21vianet=at_21vianet)


def support_hours() -> str:
    """When we answer, from the calendar that the promises are counted in."""
    return hours_words(current_calendar(db.session, zone=settings().partner_time_zone))


def init_app(app: Flask) -> None:
    """Give the templates `unconfirmed_year(moment)` and `support_hours()`."""
    app.jinja_env.globals.update(unconfirmed_year=_year, support_hours=support_hours)
