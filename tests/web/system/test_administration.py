"""The administration page."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from helpdesk.audit.services import record
from helpdesk.clock import utc_now
from helpdesk.jobs import PeriodicRun, WorkerBeat
from helpdesk.system.rules import DRILL_OLD, is_overdue
from helpdesk.system.services import CREATED, DRILLED
from tests.browse import Browse
from tests.cast import Cast

PAGE = "/work/administration"


def test_it_is_for_administrators_alone(browse: Browse, cast: Cast) -> None:
    for person in (cast.tom, cast.mei, cast.emma, cast.wang_fang):
        browse.sign_in(person)
        browse.get(PAGE, status=403)


def test_it_says_what_was_never_done(browse: Browse, cast: Cast) -> None:
    browse.sign_in(cast.root)
    page = browse.get(PAGE)
    for words in ("never heard: start helpdesk worker", "helpdesk backup create", "helpdesk backup drill"):
        assert words in page.text


def test_it_says_what_runs_and_when_a_drill_last_passed(browse: Browse, cast: Cast, session: Session) -> None:
    now = utc_now()
    assert "passed" not in browse.sign_in(cast.root).get(PAGE).text
    session.add_all([WorkerBeat(name="w", at=now), PeriodicRun(name="kb.plans", slot="1", at=now)])
    for action in (CREATED, DRILLED):
        what = {"snapshot": "a.zip"}
        record(session, action, object_type="snapshot", object_id="a.zip", actor_id=None, now=now, after=what)
    session.flush()
    browse.sign_in(cast.root)
    page = browse.get(PAGE)
    assert "a.zip" in page.text
    assert "passed" in page.text
    assert "kb.plans" in page.text
    assert "never heard" not in page.text


def test_the_menu_leads_there(browse: Browse, cast: Cast) -> None:
    browse.sign_in(cast.root)
    assert browse.get(PAGE).all("a", href=PAGE)


@pytest.mark.parametrize(("ago", "overdue"), [(DRILL_OLD, False), (DRILL_OLD + timedelta(seconds=1), True)])
def test_a_drill_is_due_when_its_time_is_over(now: datetime, ago: timedelta, overdue: bool) -> None:  # noqa: FBT001
    assert is_overdue(now - ago, DRILL_OLD, now=now) is overdue
    assert is_overdue(None, DRILL_OLD, now=now)
