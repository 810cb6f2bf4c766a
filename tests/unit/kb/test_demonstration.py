"""The demonstration shows the editors' room at work."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.config import ROOT
from helpdesk.demo.editors import load_editors_room
from helpdesk.demo.services import load_people
from helpdesk.kb.desk_models import EditorTask, Plan
from helpdesk.kb.insight_sources import deflections
from helpdesk.kb.queries.desk import Standing, matrix
from helpdesk.kb.queries.insights import unhelpful, without_opening, without_result
from helpdesk.kb.queries.reviews import plans_of, review_of
from tests.unit.kb.shelf import bring_in, the_translation


def test_every_part_of_the_insights_has_something_to_show(session: Session, now: datetime) -> None:
    bring_in(session, ROOT / "kb", now)
    people = load_people(session, now=now)

    load_editors_room(session, people, now=now)

    since = now - timedelta(days=28)
    assert without_result(session, since=since)[0].question == "change the billing currency"
    assert without_opening(session, since=since)
    assert any(one.comments for one in unhelpful(session, since=since))
    assert deflections(session, since=since)[0].spared > 0
    assert session.scalars(sa.select(EditorTask.owner_id)).all().count(None) == 2
    assert len(review_of(session, the_translation(session, "correct-a-fapiao"))) == 2
    shown = matrix(session, today=now.date())
    assert all(shown.counts[kind] for kind in Standing if kind is not Standing.ARCHIVED)
    assert Plan.PUBLISH in plans_of(session, the_translation(session, "price-changes-and-renewal"))


def test_without_articles_there_is_no_room_to_furnish(session: Session, now: datetime) -> None:
    load_editors_room(session, load_people(session, now=now), now=now)

    assert session.scalars(sa.select(EditorTask)).all() == []
