"""The demonstration's notices stand on whatever day it is loaded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from helpdesk.collections.models import StageKind
from helpdesk.demo.notices import _plan
from helpdesk.workcalendar.services import partner_calendar
from tests.unit.collections.making import published

BEIJING = partner_calendar("Asia/Shanghai")


@pytest.mark.parametrize("overdue", [4, 13, 24, 41])
def test_each_story_has_its_stage_on_every_day_of_a_year(session: Session, now: datetime, overdue: int) -> None:
    policy = published(session, now=now)
    last = {4: StageKind.REMINDER, 13: StageKind.SECOND_REMINDER, 24: StageKind.FINAL_NOTICE, 41: StageKind.SUSPENSION}
    for count in range(365):
        today = date(2026, 1, 1) + timedelta(days=count)
        at = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
        due_on = today - timedelta(days=overdue)

        plain = _plan(policy, due_on, None).until(at)
        moved = _plan(policy, due_on, BEIJING).until(at)

        assert plain[-1][0] is last[overdue]
        assert len(moved) <= len(plain)
