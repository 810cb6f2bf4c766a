"""The page that hands out personal data."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.audit.models import AuditEntry
from helpdesk.clock import utc_now
from helpdesk.extensions import settings
from helpdesk.privacy import labels
from helpdesk.privacy.retention import kinds
from helpdesk.search.models import LoggedQuery
from tests.browse import Browse
from tests.cast import Cast

PAGE = "/work/administration/privacy"


def written_down(session: Session) -> list[AuditEntry]:
    return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "privacy.exported")))


def test_administration_leads_to_the_page(browse: Browse, session: Session, cast: Cast) -> None:
    session.commit()
    browse.sign_in(cast.root)

    assert "Personal data" in browse.get("/work/administration").text
    assert "Hand out a copy" in browse.get(PAGE).text


def test_the_zip_is_sent_and_written_down_with_who_fetched_it(browse: Browse, session: Session, cast: Cast) -> None:
    session.commit()
    browse.sign_in(cast.root)

    answer = browse.client.post(PAGE, data={"whose": cast.lanting.domain})

    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    people = json.loads(zipfile.ZipFile(io.BytesIO(answer.data)).read("data/user_account.json"))
    answer.close()
    assert {row["email"] for row in people} == {cast.wang_fang.email, cast.li_na.email}
    assert [(row.actor_id, row.object_id) for row in written_down(session)] == [(cast.root.id, cast.lanting.public_id)]


@pytest.mark.parametrize(
    ("whose", "said"),
    [("", "Say whose data is asked for."), ("no@body.example", "no@body.example"), ("nowhere.example", "is known as")],
)
def test_nobody_of_that_name_is_said_and_nothing_is_written_down(
    browse: Browse, session: Session, cast: Cast, whose: str, said: str
) -> None:
    session.commit()
    browse.sign_in(cast.root)

    assert said in browse.post(PAGE, {"whose": whose}).text
    assert written_down(session) == []


def test_an_old_sign_in_is_asked_who_it_is_before_anything_leaves(browse: Browse, session: Session, cast: Cast) -> None:
    session.commit()
    browse.sign_in(cast.root, fresh=False)

    answer = browse.client.post(PAGE, data={"whose": cast.lanting.domain})

    assert answer.mimetype == "text/html"
    assert written_down(session) == []


def test_the_page_shows_what_would_go_and_takes_nothing(browse: Browse, session: Session, cast: Cast) -> None:
    session.add(LoggedQuery(text="q", locale="en", is_public=True, results=0, at=utc_now() - timedelta(days=3000)))
    session.commit()
    browse.sign_in(cast.root)

    for _ in range(2):
        text = browse.get(PAGE).text
        assert "nothing is thrown away daily" in text
        assert re.search(r"Questions to the search\s+365 days\s+1\b", text)


def test_every_kind_has_its_words(app: Flask) -> None:
    with app.app_context():
        assert labels.KINDS.keys() == {kind.name for kind in kinds(settings())}
