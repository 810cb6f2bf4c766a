"""Roles and time zones in words."""

from __future__ import annotations

from typing import Final

from babel import dates
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]

from helpdesk.permissions import Role
from helpdesk.web.locale import page_locale

ROLE: Final[dict[Role, LazyString]] = {
    Role.CUSTOMER_MEMBER: _l("Member"),
    Role.BILLING_CONTACT: _l("Billing contact"),
    Role.AGENT: _l("Agent"),
    Role.LEAD: _l("Team lead"),
    Role.KB_EDITOR: _l("Article editor"),
    Role.ADMINISTRATOR: _l("Administrator"),
}

TIME_ZONES: Final = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Tokyo",
    "Asia/Seoul",
    "Asia/Singapore",
    "Asia/Bangkok",
    "Asia/Jakarta",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Europe/London",
    "Europe/Paris",
    "Europe/Berlin",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "UTC",
)
"""The zones that the account page offers; another one that a person already has is offered too."""


def zone_label(name: str) -> str:
    """A zone by its place: `China Time`, `日本時間`."""
    if name == "UTC":
        return "UTC"
    return str(dates.get_timezone_location(name, locale=page_locale(), return_city=False))


def zone_choices(present: str) -> list[SelectChoice]:
    """The zones to choose from, with their places in the reader's language."""
    names = TIME_ZONES if present in TIME_ZONES else (present, *TIME_ZONES)
    return [SelectChoice(name, f"{zone_label(name)} ({name.replace('_', ' ')})") for name in names]
