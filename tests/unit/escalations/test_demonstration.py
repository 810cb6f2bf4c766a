"""The demonstration shows cases with 21Vianet in every state, on whatever day it is loaded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.demo.services import load_demo
from helpdesk.escalations.models import CreditWatch, Escalation, EscalationReason, EscalationState, Outcome
from helpdesk.escalations.quality import months_until, trend
from helpdesk.escalations.queries.quality import past_cases
from helpdesk.escalations.rules import GateAnswers
from helpdesk.escalations.score import score_of

BEIJING = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize("at", ["2026-11-24T04:30", "2026-10-05T01:00", "2026-02-20T09:00"])
def test_the_board_the_watch_and_the_report_have_something_to_show(app: Flask, session: Session, at: str) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    with app.app_context(), time_machine.travel(now, tick=False):
        load_demo(session, now=now)

        cases = session.scalars(select(Escalation)).all()
        past = past_cases(session, since=now - timedelta(days=190))

    assert {case.state for case in cases} == set(EscalationState)
    assert {case.credit_watch for case in cases} == {None, *CreditWatch}
    assert {each.outcome for each in past} == {None, *Outcome}
    assert {each.reason for each in past} == set(EscalationReason)
    assert any(case.is_overdue(now) for case in cases)
    asked = [case for case in cases if case.state is EscalationState.INFORMATION_REQUESTED]
    assert not any(case.is_overdue(now) for case in asked)
    assert min(score_of(GateAnswers.of(case)).points for case in cases if case.state is EscalationState.PREPARED) < 50
    assert any(packet.files for case in cases for packet in case.packets)
    assert any(len(case.packets) > 1 for case in cases)
    assert max(step.at for case in cases for step in case.steps) <= now
    assert max(entry.at for case in cases for entry in case.contacts) <= now
    judged = trend(past, months_until(now.astimezone(BEIJING).date(), 6), BEIJING).values()
    assert sum(month.judged > 0 for month in judged) >= 4
    assert sum(month.inappropriate > 0 for month in judged) >= 2
