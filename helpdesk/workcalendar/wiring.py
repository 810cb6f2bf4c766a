"""What every page may ask of the calendar."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from helpdesk.extensions import db, settings
from helpdesk.workcalendar.current import unconfirmed_year


def _year(moment: datetime | None, at_21vianet: bool = False) -> int | None:  # noqa: FBT001, FBT002 - asked in templates
    """The year of a promised moment while it is not known which of its days are worked."""
    if moment is None:
        return None
    return unconfirmed_year(db.session, moment, zone=settings().partner_time_zone, at_21vianet=at_21vianet)


def init_app(app: Flask) -> None:
    """Give the templates `unconfirmed_year(moment)`."""
    app.jinja_env.globals["unconfirmed_year"] = _year
