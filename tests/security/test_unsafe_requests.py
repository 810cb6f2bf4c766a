"""What changes something needs the token of our own form, and takes no id that is not the sender's to use."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.app import create_app
from helpdesk.tickets.models import Attachment, DraftFile
from tests.browse import Browse
from tests.cast import Cast
from tests.conftest import make_settings
from tests.unit.files.samples import pdf
from tests.web.tickets.forms import form_of

WITHOUT = {"notifications.stop_mails"}
"""The signed address in a mail is the proof there; mail programs post it by themselves."""


@pytest.fixture
def guarded(tmp_path: Path) -> Flask:
    """An application that asks for the token, as a real one does."""
    return create_app(make_settings(tmp_path, f"sqlite:///{tmp_path / 'x.db'}"))


def unsafe_routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and an address of each route that changes something; the address names nothing that exists."""
    known = {"NumberConverter": 1, "TicketConverter": 1, "LocaleConverter": "en"}
    for rule in app.url_map.iter_rules():
        kinds = rule._converters
        values: dict[str, Any] = dict(rule.defaults or {}) | {
            name: next(iter(getattr(kind, "items", ())), known.get(type(kind).__name__, "x"))
            for name, kind in kinds.items()
        }
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            with app.test_request_context():
                yield rule.endpoint, method, app.url_for(rule.endpoint, _method=method, **values)


def test_nothing_is_changed_without_the_token_of_our_own_form(guarded: Flask) -> None:
    client = guarded.test_client()
    answered = {
        endpoint: client.open(path, method=method, data={"csrf_token": "made-up"}).status_code
        for endpoint, method, path in unsafe_routes(guarded)
    }

    assert len(answered) > 100
    assert {endpoint: code for endpoint, code in answered.items() if code != 400}.keys() == WITHOUT


def test_a_file_of_somebody_elses_draft_is_not_sent_along(browse: Browse, session: Session, cast: Cast) -> None:
    start = "/tickets/new?topic=question"
    form = form_of(browse.sign_in(cast.wang_fang).get(start), subject="", body="Mine")
    browse.post("/tickets/new", form | {"files": (io.BytesIO(pdf()), "mine.pdf")})
    foreign = session.scalars(sa.select(DraftFile)).one()

    browse.sign_in(cast.li_na)
    page = browse.post("/tickets/new", form_of(browse.get(start), subject="S", body="B", kept_file=[foreign.public_id]))

    assert "T-1001" in page.text
    assert session.scalars(sa.select(Attachment)).all() == []
