"""How often somebody may search and open tickets before they are asked to wait."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from helpdesk.accounts.passwords import hashed
from helpdesk.app import create_app
from helpdesk.clock import utc_now
from helpdesk.db import Base
from helpdesk.extensions import db
from helpdesk.tickets.services import invite_guest
from tests.browse import Browse
from tests.cast import make_cast
from tests.conftest import drop_database, fresh_database_url, make_settings
from tests.mailed import SECRET_KEY
from tests.unit.tickets.scenes import opened
from tests.web.tickets.forms import form_of


@pytest.fixture
def limited(tmp_path: Path, worker_name: str) -> Iterator[Flask]:
    """An application that counts."""
    url = fresh_database_url(tmp_path, f"rates_{worker_name}")
    settings = make_settings(tmp_path, url).model_copy(update={"rate_limits": "on"})
    app = create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()
    drop_database(url)


def test_a_network_searches_sixty_times_a_minute(limited: Flask) -> None:
    client = limited.test_client()

    codes = [client.get("/search?q=").status_code for _ in range(61)]

    assert codes == [200] * 60 + [429]


def test_a_person_opens_ten_tickets_an_hour_and_may_go_on_reading(limited: Flask) -> None:
    with limited.app_context():
        make_cast(db.session, now=utc_now()).wang_fang.password_hash = hashed("rainy harbour lanterns")
        db.session.commit()
    browse = Browse(limited.test_client())
    browse.client.post("/sign-in", data={"email": "wang.fang@lanting.example", "password": "rainy harbour lanterns"})

    codes = []
    for number in range(11):
        form = form_of(browse.get("/tickets/new?topic=question"), subject=f"Question {number}", body="Why?")
        codes.append(browse.client.post("/tickets/new?topic=question", data=form).status_code)

    assert codes == [302] * 10 + [429]
    assert browse.client.get("/tickets").status_code == 200


def test_a_guest_asks_for_five_links_an_hour_and_one_page_is_asked_no_more_than_sixty_times_to_write(
    limited: Flask,
) -> None:
    with limited.app_context():
        cast = make_cast(db.session, now=utc_now())
        ticket = opened(db.session, cast.wang_fang, utc_now())
        guest = invite_guest(
            db.session, ticket, email="ma.lin@audit.example", locale="en", by=cast.tom, secret=SECRET_KEY, now=utc_now()
        )
        path = f"/guest/{guest.public_id}"
        db.session.commit()
    client = limited.test_client()

    assert [client.post(f"{path}/link").status_code for _ in range(6)] == [302] * 5 + [429]
    assert [client.post(path, data={"body": "x"}).status_code for _ in range(61)] == [401] * 60 + [429]
