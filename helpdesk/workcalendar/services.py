"""The calendars of this house: the partner's own, and 21Vianet's."""

from __future__ import annotations

from datetime import time
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from helpdesk.limits import VNET_CLOSES_HOUR, VNET_OPENS_HOUR, VNET_TIME_ZONE
from helpdesk.workcalendar.holiday_days import CountryDays
from helpdesk.workcalendar.rules import DayKinds, Weekdays, WorkCalendar

_COUNTRY_OF_ZONE: Final = {
    "Asia/Shanghai": "CN",
    "Asia/Urumqi": "CN",
    "Asia/Chongqing": "CN",
    "Asia/Harbin": "CN",
    "PRC": "CN",
    "Asia/Tokyo": "JP",
    "Japan": "JP",
}
VNET_COUNTRY: Final = "CN"
_OPENS: Final = time(9)
_CLOSES: Final = time(18)


def country_of(zone_name: str) -> str:
    """Whose public holidays a partner in `zone_name` keeps; empty where we know no country."""
    return _COUNTRY_OF_ZONE.get(zone_name, "")


@cache
def partner_calendar(zone_name: str) -> WorkCalendar:
    """Give the working time of a partner who chose nothing: 9:00-18:00 in `zone_name`, with that country's holidays.

    What was chosen since is in the database: see `workcalendar.current.current_calendar`.
    """
    country = country_of(zone_name)
    days: DayKinds = CountryDays(country) if country else Weekdays()
    return WorkCalendar(ZoneInfo(zone_name), _OPENS, _CLOSES, days)


@cache
def vnet_calendar() -> WorkCalendar:
    """21Vianet's commerce support: 9:00-18:00 Beijing time on Chinese working days. Source: domain, Escalating."""
    opens, closes = time(VNET_OPENS_HOUR), time(VNET_CLOSES_HOUR)
    return WorkCalendar(ZoneInfo(VNET_TIME_ZONE), opens, closes, CountryDays(VNET_COUNTRY))
