"""Dates, times, numbers and money as the reader writes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel import Locale, dates, numbers
from flask import Flask
from flask_babel import gettext as _
from jinja2.utils import urlize
from markupsafe import Markup, escape

from helpdesk.clock import utc_now
from helpdesk.money import Money
from helpdesk.web.locale import current_zone, page_locale

_MOMENT: Final = timedelta(seconds=50)
_MINUTE, _HOUR = 60, 3600


def money(amount: Money | None) -> str:
    """`CN¥1,234.50` in English, `¥1,234.50` in Chinese and so on."""
    if amount is None:
        return "–"
    return str(numbers.format_currency(amount.major, amount.currency, locale=page_locale()))


def number(value: float | Decimal | None) -> str:
    """Grouped by the reader's habit."""
    return "–" if value is None else str(numbers.format_decimal(value, locale=page_locale()))


def day(value: date | datetime | None) -> str:
    """A calendar day, in the reader's zone where it is a moment."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = value.astimezone(current_zone()).date()
    return str(dates.format_date(value, format="medium", locale=page_locale()))


def moment(value: datetime | None) -> str:
    """Day and time in the reader's zone."""
    if value is None:
        return "–"
    return _moment(value, current_zone(), page_locale())


@lru_cache(maxsize=4096)
def _moment(value: datetime, zone: tzinfo, locale: Locale) -> str:
    """Moments of the past do not change: those of a conversation are written once."""
    return str(dates.format_datetime(value, format="medium", tzinfo=zone, locale=locale)).replace("\u202f", " ")


def minute(value: datetime | None) -> str:
    """Day and time to the minute in the reader's zone: what a promise needs."""
    return "–" if value is None else minute_for(value, locale=page_locale(), zone=current_zone())


def minute_for(value: datetime, *, locale: Locale, zone: tzinfo) -> str:
    """The same for somebody else than the reader."""
    local = value.astimezone(zone)
    time = dates.format_time(local.time(), format="short", locale=locale).replace("\u202f", " ")
    return f"{dates.format_date(local.date(), format='medium', locale=locale)} {time}"


def ago(value: datetime | None) -> str:
    """`3 days ago`, `in 2 hours`; what happened within the last minute happened just now."""
    if value is None:
        return "–"
    distance = value - utc_now()
    if -_MOMENT < distance <= timedelta():
        return just_now()
    seconds = round(distance.total_seconds())
    return _distance(seconds if abs(seconds) < _HOUR else seconds // _MINUTE * _MINUTE, page_locale())


@lru_cache(maxsize=4096)
def _distance(seconds: int, locale: Locale) -> str:
    return str(dates.format_timedelta(timedelta(seconds=seconds), add_direction=True, locale=locale))


def just_now() -> str:
    """What happened less than a minute ago; a number of seconds says no more."""
    return str(_("just now"))


def timestamp(value: datetime | None) -> Markup:
    """Absolute with relative beside it, as a <time> element."""
    if value is None:
        return Markup("–")
    iso, absolute, relative = value.isoformat(timespec="seconds"), escape(moment(value)), escape(ago(value))
    return Markup(  # noqa: S704 - escaped; a conversation has many, and `Markup.format` takes ten times as long
        f'<time datetime="{iso}">{absolute}</time> <span class="text-body-secondary">({relative})</span>'
    )


_MAY_LINK: Final = re.compile(r"://|www\.|@|\.(?:com|net|int|edu|gov|org|info|mil)", re.IGNORECASE)
"""What Jinja's `urlize` makes a link of holds one of these."""


def linked(text: str) -> Markup:
    """Text with its addresses as links; most messages have none, and `urlize` looks at each of their words."""
    if _MAY_LINK.search(text) is None:
        return escape(text)
    return Markup(urlize(text, rel="nofollow noopener"))  # noqa: S704 - it escapes


def today() -> date:
    """The reader's day."""
    return utc_now().astimezone(current_zone()).date()


def days_until(value: date) -> str:
    """`in 5 days`, `today`, `3 days ago`, counted in the reader's days."""
    count = (value - today()).days
    if count == 0:
        return str(_("today"))
    return str(
        dates.format_timedelta(
            timedelta(days=count), granularity="day", threshold=10**6, add_direction=True, locale=page_locale()
        )
    )


def file_size(count: int) -> str:
    """Bytes in words: `240 KB`, `1.2 MB`."""
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024))} KB"
    return f"{numbers.format_decimal(round(count / 1024 / 1024, 1), locale=page_locale())} MB"


def init_app(app: Flask) -> None:
    """Give the templates these filters."""
    filters: dict[str, Callable[..., object]] = {
        "money": money,
        "number": number,
        "day": day,
        "moment": moment,
        "minute": minute,
        "ago": ago,
        "timestamp": timestamp,
        "linked": linked,
        "days_until": days_until,
        "file_size": file_size,
    }
    for name, function in filters.items():
        app.add_template_filter(function, name)
