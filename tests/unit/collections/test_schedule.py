"""On which day each stage comes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.collections.models import StageKind
from helpdesk.collections.rules.policies import DEFAULT_DAYS, shipped_stages, whole_stages
from helpdesk.collections.rules.schedule import (
    ORDER,
    access_changes_on,
    data_deleted_on,
    moved_later,
    stage_day,
    stage_days,
)
from helpdesk.workcalendar.services import partner_calendar

OFFSETS = {kind: day for kind, (day, _clause) in whole_stages(shipped_stages(DEFAULT_DAYS)).items()}
BEIJING = partner_calendar("Asia/Shanghai")
DAYS = st.dates(date(2025, 1, 1), date(2026, 11, 30))


def test_stages_are_counted_in_calendar_days_from_the_due_date() -> None:
    days = [stage.on for stage in stage_days(OFFSETS, date(2026, 11, 4))]

    assert days == [date(2026, 11, 7), date(2026, 11, 14), date(2026, 11, 24), date(2026, 12, 4), date(2027, 2, 2)]


def test_a_saturday_moves_to_monday() -> None:
    assert moved_later(date(2026, 11, 7), BEIJING) == date(2026, 11, 9)


def test_a_make_up_saturday_stays() -> None:
    assert moved_later(date(2026, 10, 10), BEIJING) == date(2026, 10, 10)


def test_nobody_is_cut_off_on_the_eve_of_the_golden_week() -> None:
    assert moved_later(date(2026, 9, 30), BEIJING) == date(2026, 10, 8)


def test_the_friday_before_a_usual_weekend_stays() -> None:
    assert moved_later(date(2026, 11, 6), BEIJING) == date(2026, 11, 6)


@given(due_on=DAYS)
def test_holidays_move_stages_later_and_never_earlier_and_keep_their_order(due_on: date) -> None:
    plain = stage_days(OFFSETS, due_on)
    moved = stage_days(OFFSETS, due_on, calendar=BEIJING)

    assert all(after.on >= before.on for before, after in zip(plain, moved, strict=True))
    assert [stage.on for stage in moved] == sorted(stage.on for stage in moved)
    assert moved[-1].on - moved[-2].on == timedelta(days=60)


@given(due_on=DAYS, stage=st.sampled_from(ORDER[:3]), late=st.integers(0, 40), promised=st.none() | DAYS)
def test_a_late_notice_keeps_its_waiting_time_and_every_promise(
    due_on: date, stage: StageKind, late: int, promised: date | None
) -> None:
    issued_on = stage_day(OFFSETS, due_on, stage) + timedelta(days=late)

    access = access_changes_on(OFFSETS, due_on, stage=stage, issued_on=issued_on, calendar=BEIJING, promised=promised)

    assert access >= stage_day(OFFSETS, due_on, StageKind.SUSPENSION)
    assert (access - issued_on).days >= OFFSETS[StageKind.SUSPENSION] - OFFSETS[stage]
    assert promised is None or access >= promised


def test_data_is_deleted_sixty_days_after_the_suspension() -> None:
    assert data_deleted_on(date(2026, 12, 4)) == date(2027, 2, 2)


@pytest.mark.parametrize("kind", StageKind)
def test_every_stage_has_its_place(kind: StageKind) -> None:
    assert ORDER.index(kind) >= 0
