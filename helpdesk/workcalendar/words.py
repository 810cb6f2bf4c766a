"""Working time as people say it."""

from __future__ import annotations

from datetime import time
from typing import Final

from babel.dates import get_timezone_name
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from helpdesk.workcalendar.rules import WorkCalendar

_OWN_NAMES: Final = {"Asia/Shanghai": _l("Beijing time"), "PRC": _l("Beijing time"), "UTC": "UTC"}
"""Zones that people call otherwise than Unicode's data does."""


def hours_words(calendar: WorkCalendar) -> str:
    """`9:00–18:00 Beijing time on working days`, in the language being spoken."""
    return str(
        _(
            "%(opens)s–%(closes)s %(zone)s on working days",
            opens=_clock(calendar.opens),
            closes=_clock(calendar.closes),
            zone=_zone(calendar.zone.key),
        )
    )


def _clock(value: time) -> str:
    return f"{value.hour}:{value.minute:02}"


def _zone(name: str) -> str:
    known = _OWN_NAMES.get(name)
    return str(known or get_timezone_name(name, width="long", locale=get_locale() or "en", zone_variant="generic"))
