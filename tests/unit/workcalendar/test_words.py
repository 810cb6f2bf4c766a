"""When we answer, in words, from the calendar that our promises are counted in."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.orm import Session

from helpdesk.kb.variables import values_in
from helpdesk.tickets.services.calendar import set_hours
from helpdesk.web.locale import BABEL
from helpdesk.workcalendar.rules import Weekdays, WorkCalendar
from helpdesk.workcalendar.services import partner_calendar
from helpdesk.workcalendar.words import hours_words
from tests.browse import Browse
from tests.cast import Cast

TOLD = {
    "en": "9:00–18:00 Beijing time on working days",
    "zh-Hans": "工作日 9:00–18:00（北京时间）",
    "ja": "営業日の 9:00～18:00（北京時間）",
}
IN_JAPAN = {
    "en": "10:30–19:00 Japan Time on working days",
    "zh-Hans": "工作日 10:30–19:00（日本时间）",
    "ja": "営業日の 10:30～19:00（日本時間）",
}


@pytest.mark.parametrize("locale", TOLD)
def test_the_hours_are_those_of_the_calendar_in_each_language(app: Flask, locale: str) -> None:
    with app.test_request_context(), force_locale(BABEL[locale]):
        assert hours_words(partner_calendar("Asia/Shanghai")) == TOLD[locale]


def test_a_zone_without_a_place_goes_by_its_short_name(app: Flask) -> None:
    plain = WorkCalendar(partner_calendar("UTC").zone, time(8), time(16), Weekdays())

    with app.test_request_context():
        assert hours_words(plain) == "8:00–16:00 UTC on working days"


@pytest.mark.parametrize("locale", IN_JAPAN)
def test_who_changes_the_working_time_changes_what_pages_and_articles_say(
    browse: Browse, session: Session, cast: Cast, now: datetime, locale: str
) -> None:
    hours = {"opens": time(10, 30), "closes": time(19)}
    set_hours(session, country="JP", zone="Asia/Tokyo", by=cast.root, now=now, **hours)

    cast.wang_fang.locale = locale
    session.flush()

    assert browse.sign_in(cast.wang_fang).get("/").text.count(IN_JAPAN[locale]) == 2
    with browse.client.application.test_request_context():
        assert values_in("{{ partner.support_hours }}", locale=locale)["partner.support_hours"] == IN_JAPAN[locale]
