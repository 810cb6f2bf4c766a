"""The partner's working time as administrators chose it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from helpdesk.audit.models import AuditEntry
from helpdesk.tickets.services.calendar import (
    ClosesTooEarly,
    NoSuchZone,
    confirm_year,
    doubt_year,
    forget_override,
    override_day,
    set_hours,
)
from helpdesk.workcalendar.current import current_calendar, unconfirmed_year
from helpdesk.workcalendar.rules import OverriddenDays, Weekdays
from helpdesk.workcalendar.services import partner_calendar, vnet_calendar
from tests.cast import Cast
from tests.web.tickets.statements import Statements

ZONE = "Asia/Shanghai"
SPRING_2027 = datetime(2027, 3, 2, 2, tzinfo=UTC)
DAYS = st.dates(min_value=date(2025, 1, 1), max_value=date(2028, 12, 31))


def japan(session: Session, cast: Cast, now: datetime) -> None:
    set_hours(session, country="JP", zone="Asia/Tokyo", opens=time(10), closes=time(19), by=cast.root, now=now)


def test_who_chose_nothing_works_as_the_settings_say(session: Session, now: datetime) -> None:
    calendar, plain = current_calendar(session, zone=ZONE), partner_calendar(ZONE)

    assert (calendar.zone, calendar.opens, calendar.closes) == (plain.zone, plain.opens, plain.closes)
    assert calendar.hours_between(now, now + timedelta(days=365)) == plain.hours_between(now, now + timedelta(days=365))


def test_japan_can_be_chosen_with_its_zone_hours_and_holidays(session: Session, cast: Cast, now: datetime) -> None:
    japan(session, cast, now)

    calendar = current_calendar(session, zone=ZONE)

    assert (calendar.zone.key, calendar.opens, calendar.closes) == ("Asia/Tokyo", time(10), time(19))
    assert not calendar.is_working_day(date(2026, 11, 23))
    assert calendar.is_working_day(date(2026, 10, 1))


def test_21vianet_keeps_the_chinese_calendar_whatever_we_choose(session: Session, cast: Cast, now: datetime) -> None:
    japan(session, cast, now)

    assert not vnet_calendar().is_working_day(date(2026, 10, 1))
    assert unconfirmed_year(session, SPRING_2027, zone=ZONE) is None
    assert unconfirmed_year(session, SPRING_2027, zone=ZONE, at_21vianet=True) == 2027


def test_a_day_off_and_a_make_up_day_count_at_once(session: Session, cast: Cast, now: datetime) -> None:
    friday, saturday = date(2026, 11, 27), date(2026, 11, 28)
    assert current_calendar(session, zone=ZONE).is_working_day(friday)

    override_day(session, day=friday, works=False, note="stocktaking", by=cast.root, now=now)
    override_day(session, day=saturday, works=True, note="", by=cast.root, now=now)

    calendar = current_calendar(session, zone=ZONE)
    assert not calendar.is_working_day(friday)
    assert calendar.is_working_day(saturday)


def test_a_forgotten_day_follows_the_country_again(session: Session, cast: Cast, now: datetime) -> None:
    friday = date(2026, 11, 27)
    kept = override_day(session, day=friday, works=False, note="", by=cast.root, now=now)

    forget_override(session, kept, by=cast.root, now=now)

    assert current_calendar(session, zone=ZONE).is_working_day(friday)


def test_a_year_is_unconfirmed_until_somebody_compared_it(session: Session, cast: Cast, now: datetime) -> None:
    before = unconfirmed_year(session, SPRING_2027, zone=ZONE)

    confirm_year(session, country="CN", year=2027, by=cast.root, now=now)
    confirm_year(session, country="CN", year=2027, by=cast.root, now=now)
    ours, theirs = (unconfirmed_year(session, SPRING_2027, zone=ZONE, at_21vianet=each) for each in (False, True))

    assert (before, ours, theirs) == (2027, None, None)


def test_a_confirmation_can_be_taken_back(session: Session, cast: Cast, now: datetime) -> None:
    confirm_year(session, country="CN", year=2027, by=cast.root, now=now)

    doubt_year(session, country="CN", year=2027, by=cast.root, now=now)
    doubt_year(session, country="CN", year=2027, by=cast.root, now=now)

    assert unconfirmed_year(session, SPRING_2027, zone=ZONE) == 2027


def test_the_zone_must_exist_and_closing_come_after_opening(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(NoSuchZone):
        set_hours(session, country="CN", zone="Asia/Nowhere", opens=time(9), closes=time(18), by=cast.root, now=now)
    with pytest.raises(ClosesTooEarly):
        set_hours(session, country="CN", zone=ZONE, opens=time(18), closes=time(9), by=cast.root, now=now)


def test_every_choice_is_in_the_audit_trail(session: Session, cast: Cast, now: datetime) -> None:
    japan(session, cast, now)
    override_day(session, day=date(2026, 12, 31), works=False, note="", by=cast.root, now=now)

    deeds = session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()

    assert [deed for deed in deeds if deed.startswith("calendar.")] == ["calendar.hours_set", "calendar.day_set"]


def test_the_calendar_costs_one_statement_a_session(app: Flask, session: Session, cast: Cast, now: datetime) -> None:
    japan(session, cast, now)
    session.flush()

    with Statements(app) as statements:
        for _ in range(5):
            current_calendar(session, zone=ZONE)
            unconfirmed_year(session, now, zone=ZONE)

    assert len(statements.sent) == 1


@given(day=DAYS, worked=st.frozensets(DAYS, max_size=4), off=st.frozensets(DAYS, max_size=4))
def test_only_the_days_that_we_named_differ(day: date, worked: frozenset[date], off: frozenset[date]) -> None:
    days = OverriddenDays(Weekdays(), worked=worked, off=off - worked)

    if day not in worked | off:
        assert days.is_working_day(day) == Weekdays().is_working_day(day)
    elif day in worked:
        assert days.is_working_day(day)
    else:
        assert not days.is_working_day(day)
