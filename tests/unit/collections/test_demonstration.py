"""The demonstration's notices stand on whatever day it is loaded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.collections.models import CaseState, StageKind, SuspensionCase, SuspensionReason
from helpdesk.collections.queries import standings
from helpdesk.collections.queries.desk import desk_rows, promises_of
from helpdesk.collections.queries.disputed import disputed_by_customer
from helpdesk.collections.rules.engine import Step
from helpdesk.collections.rules.schedule import moved_later
from helpdesk.collections.rules.steering import PromiseState
from helpdesk.demo.notices import _plan
from helpdesk.demo.services import load_demo
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


@pytest.mark.parametrize("at", ["2026-11-24T04:30", "2026-10-05T01:00", "2026-02-20T09:00"])
def test_the_engine_and_the_notices_of_the_demonstration_name_the_same_days(
    app: Flask, session: Session, at: str
) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    with app.app_context(), time_machine.travel(now, tick=False):
        load_demo(session, now=now)

        found = standings(session, now=now, calendar=BEIJING)
        rows = desk_rows(session, now=now, calendar=BEIJING)

    for standing in found:
        told = standing.case.told
        if standing.action.stage is StageKind.SUSPENSION and standing.action.step is Step.WAIT:
            stated = max(told[StageKind.FINAL_NOTICE].access_changes_on, standing.case.today)
            assert standing.action.on == moved_later(stated, BEIJING)
    steps = {standing.action.step for standing in found}
    assert {Step.PAUSE, Step.WATCH_DELETION} <= steps
    assert any(standing.is_unheard for standing in found)
    assert session.scalars(select(SuspensionCase.state).where(SuspensionCase.state == CaseState.PROPOSED)).all()
    suspended = session.scalars(select(SuspensionCase.reason).where(SuspensionCase.state == CaseState.SUSPENDED))
    assert set(suspended) == set(SuspensionReason)
    promises = promises_of(session, [row.customer.id for row in rows], now=now)
    kept = {each.state for of_one in promises.values() for each in of_one}
    assert kept == {PromiseState.KEPT, PromiseState.OPEN, PromiseState.BROKEN}
    assert sum(row.disputed.minor for row in rows) == 0
    assert disputed_by_customer(session)
