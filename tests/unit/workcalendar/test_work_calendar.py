"""Working time in Beijing, Tokyo and elsewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.workcalendar.rules import ListedDays, NoWorkingDaysError, Weekdays, WorkCalendar
from helpdesk.workcalendar.services import partner_calendar, vnet_calendar

BEIJING = ZoneInfo("Asia/Shanghai")


def beijing(month: int, day: int, hour: int = 10, minute: int = 0, *, year: int = 2026) -> datetime:
    """Make a moment of 2026 on a clock in Beijing."""
    return datetime(year, month, day, hour, minute, tzinfo=BEIJING)


def test_nine_hours_on_a_tuesday_are_the_same_time_on_wednesday() -> None:
    assert vnet_calendar().add_hours(beijing(11, 24, 10), 9) == beijing(11, 25, 10)


def test_an_evening_question_begins_to_count_the_next_morning() -> None:
    assert vnet_calendar().add_hours(beijing(11, 24, 21), 2) == beijing(11, 25, 11)


def test_the_closing_moment_belongs_to_the_day_that_ends() -> None:
    assert vnet_calendar().add_hours(beijing(11, 24, 9), 9) == beijing(11, 24, 18)


def test_the_golden_week_is_no_working_time() -> None:
    asked = beijing(9, 30, 16)

    due = vnet_calendar().add_hours(asked, 9)

    assert due == beijing(10, 8, 16)


def test_the_saturday_after_the_golden_week_is_made_up() -> None:
    asked = beijing(10, 9, 16)

    due = vnet_calendar().add_hours(asked, 9)

    assert due == beijing(10, 10, 16)
    assert vnet_calendar().add_hours(due, 9) == beijing(10, 12, 16)


def test_the_sunday_before_mid_autumn_is_made_up_and_its_friday_is_free() -> None:
    calendar = vnet_calendar()

    assert calendar.is_working_day(date(2026, 9, 20))
    assert not calendar.is_working_day(date(2026, 9, 25))
    assert calendar.add_working_days(beijing(9, 18, 10), 1) == beijing(9, 20, 10)


def test_spring_festival_lasts_nine_days_and_costs_two_saturdays() -> None:
    hours = vnet_calendar().hours_between(beijing(2, 14, 9), beijing(2, 28, 18))

    assert hours == 9 * (2 + 4)


def test_a_year_not_yet_announced_is_unconfirmed() -> None:
    calendar = vnet_calendar()

    assert [calendar.is_confirmed(year) for year in (2024, 2025, 2026)] == [True, True, True]
    assert not calendar.is_confirmed(2031)


def test_a_make_up_day_for_new_year_does_not_confirm_the_year_it_falls_in() -> None:
    days = partner_calendar("Asia/Shanghai")

    assert days.is_working_day(date(2011, 12, 31))
    assert days.is_working_day(date(2006, 12, 30))


def test_japan_rests_in_its_own_golden_week() -> None:
    tokyo = partner_calendar("Asia/Tokyo")
    start = datetime(2026, 5, 1, 17, 0, tzinfo=ZoneInfo("Asia/Tokyo"))

    assert tokyo.add_hours(start, 2) == datetime(2026, 5, 7, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert tokyo.is_confirmed(2027)


def test_a_zone_without_listed_holidays_works_on_weekdays() -> None:
    berlin = partner_calendar("Europe/Berlin")

    assert berlin.is_working_day(date(2026, 12, 25))
    assert not berlin.is_working_day(date(2026, 12, 26))


def test_a_change_of_the_clock_does_not_change_a_working_day() -> None:
    zone = ZoneInfo("Europe/Berlin")
    friday = datetime(2026, 3, 27, 15, 0, tzinfo=zone)

    monday = partner_calendar("Europe/Berlin").add_hours(friday, 9)

    assert monday == datetime(2026, 3, 30, 15, 0, tzinfo=zone)


def test_a_saturday_question_has_a_working_day_from_monday_on() -> None:
    assert vnet_calendar().add_working_days(beijing(11, 28, 11), 1) == beijing(12, 1, 9)


def test_time_before_its_beginning_is_negative() -> None:
    assert vnet_calendar().hours_between(beijing(11, 25, 10), beijing(11, 24, 10)) == -9


def test_a_calendar_on_which_nobody_works_is_noticed() -> None:
    days = ListedDays(off=frozenset(date(2026, 1, 1) + timedelta(days=count) for count in range(400)))
    calendar = WorkCalendar(BEIJING, time(9), time(18), days)

    with pytest.raises(NoWorkingDaysError):
        calendar.add_hours(beijing(1, 2), 1)


MOMENTS = st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2027, 12, 1)).map(  # noqa: DTZ001 - a zone follows
    lambda naive: naive.replace(tzinfo=UTC)
)
MINUTES = st.integers(min_value=0, max_value=60 * 200)
CALENDARS = st.sampled_from(
    [vnet_calendar(), partner_calendar("Asia/Tokyo"), WorkCalendar(BEIJING, time(8, 30), time(17), Weekdays())]
)


@settings(max_examples=120, deadline=None)
@given(calendar=CALENDARS, start=MOMENTS, minutes=MINUTES)
def test_what_is_added_is_what_lies_between(calendar: WorkCalendar, start: datetime, minutes: int) -> None:
    end = calendar.add_hours(start, minutes / 60)

    passed = calendar.time_between(start, end)

    assert abs(passed - timedelta(minutes=minutes)) < timedelta(milliseconds=1)


@settings(max_examples=120, deadline=None)
@given(calendar=CALENDARS, start=MOMENTS, first=MINUTES, second=st.integers(min_value=1, max_value=3000))
def test_adding_in_two_steps_is_adding_at_once(
    calendar: WorkCalendar, start: datetime, first: int, second: int
) -> None:
    stepwise = calendar.add_hours(calendar.add_hours(start, first / 60), second / 60)

    at_once = calendar.add_hours(start, (first + second) / 60)

    assert abs(stepwise - at_once) < timedelta(milliseconds=1)


@settings(max_examples=120, deadline=None)
@given(calendar=CALENDARS, start=MOMENTS, minutes=MINUTES)
def test_a_deadline_is_never_at_night_nor_on_a_day_of_rest(
    calendar: WorkCalendar, start: datetime, minutes: int
) -> None:
    local = calendar.add_hours(start, minutes / 60).astimezone(calendar.zone)

    assert calendar.is_working_day(local.date())
    assert calendar.opens <= local.time() <= calendar.closes


@settings(max_examples=80, deadline=None)
@given(calendar=CALENDARS, start=MOMENTS, days=st.integers(min_value=0, max_value=30))
def test_working_days_are_counted_one_by_one(calendar: WorkCalendar, start: datetime, days: int) -> None:
    begin = calendar.next_open(start).astimezone(calendar.zone).date()

    end = calendar.add_working_days(start, days).astimezone(calendar.zone).date()

    between = [begin + timedelta(days=count) for count in range((end - begin).days + 1)]
    assert sum(calendar.is_working_day(day) for day in between) == days + 1


@given(calendar=CALENDARS, end=MOMENTS, minutes=st.integers(min_value=1, max_value=6000))
def test_what_lies_before_is_what_lies_between(calendar: WorkCalendar, end: datetime, minutes: int) -> None:
    start = calendar.hours_before(end, minutes / 60)

    assert calendar.time_between(start, end) == timedelta(minutes=minutes)
