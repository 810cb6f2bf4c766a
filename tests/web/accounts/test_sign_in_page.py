"""Signing in and out through the pages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.passwords import hashed
from helpdesk.app import create_app
from helpdesk.audit.models import AuditEntry
from helpdesk.db import Base
from helpdesk.extensions import db, limiter
from tests.browse import Browse
from tests.cast import Cast, make_cast
from tests.conftest import drop_database, fresh_database_url, make_settings

SECRET = "correct giraffe battery"  # noqa: S105 - not a secret


@pytest.fixture
def wang(session: Session, cast: Cast) -> User:
    """Wang Fang, who has a password."""
    cast.wang_fang.password_hash = hashed(SECRET)
    session.flush()
    return cast.wang_fang


def give_password(session: Session, *people: User) -> None:
    """Let people sign in with the secret."""
    kept = hashed(SECRET)
    for person in people:
        person.password_hash = kept
    session.flush()


def send(client: FlaskClient, email: str, password: str = SECRET, **more: str) -> str | None:
    """Send the form; where it leads."""
    answer = client.post("/sign-in", data={"email": email, "password": password} | more)
    return answer.headers.get("Location")


def test_the_page_asks_for_address_and_password(browse: Browse, cast: Cast) -> None:
    page = browse.get("/sign-in?next=/tickets")

    assert page.all("input", name="email")[0]["autocomplete"] == "username"
    assert page.all("input", name="password")[0]["type"] == "password"
    assert page.all("input", id="next")[0]["value"] == "/tickets"


def test_everyone_lands_where_their_work_begins(app: Flask, client: FlaskClient, session: Session, cast: Cast) -> None:
    people = (cast.wang_fang, cast.li_na, cast.tom, cast.mei, cast.emma, cast.root)
    give_password(session, *people)
    places = []

    for person in people:
        places.append(send(client, person.email))
        client.post("/sign-out")

    with app.test_request_context():
        home, queue, editor = (url_for(f"{name}.index") for name in ("home", "queue", "editor"))
    assert places == [home, home, queue, queue, editor, queue]


@pytest.mark.parametrize(
    ("wish", "place"),
    [
        ("/tickets?state=open", "/tickets?state=open"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_one_goes_on_to_where_one_wanted_but_never_to_another_site(
    client: FlaskClient, wang: User, wish: str, place: str
) -> None:
    assert send(client, wang.email, next=wish) == place


def test_a_page_behind_the_door_leads_to_the_door_and_back(client: FlaskClient, wang: User) -> None:
    door = client.get("/account").headers["Location"]

    assert door == "/sign-in?next=%2Faccount"
    assert "Please sign in" in client.get(door).text
    assert send(client, wang.email, next="/account") == "/account"


def test_a_refusal_says_the_same_for_everyone_and_keeps_the_address(
    browse: Browse, session: Session, wang: User
) -> None:
    wrong = browse.post("/sign-in", {"email": wang.email, "password": "wrong", "next": "/tickets"})
    unknown = browse.post("/sign-in", {"email": "nobody@x.cn", "password": "wrong"})

    sentence = "The e-mail address or the password is not right."
    assert sentence in wrong.text
    assert sentence in unknown.text
    assert wrong.all("input", name="email")[0]["value"] == wang.email
    assert wrong.all("input", id="next")[0]["value"] == "/tickets"
    assert "value" not in wrong.all("input", name="password")[0] or not wrong.all("input", name="password")[0]["value"]
    assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "user.sign_in_failed")).all()) == 2


def test_empty_fields_are_named(browse: Browse, cast: Cast) -> None:
    page = browse.post("/sign-in", {"email": "", "password": ""})

    assert "Enter your e-mail address." in page.text
    assert "Enter your password." in page.text


def test_after_many_failures_the_page_says_how_long_to_wait(browse: Browse, wang: User) -> None:
    for _ in range(4):
        browse.post("/sign-in", {"email": wang.email, "password": "wrong"})

    page = browse.post("/sign-in", {"email": wang.email, "password": SECRET})

    assert "There were too many tries. Wait 60 seconds" in page.text


def test_what_the_browser_brought_along_is_forgotten_at_sign_in(client: FlaskClient, wang: User) -> None:
    with client.session_transaction() as visit:
        visit["planted"] = "by somebody else"

    send(client, wang.email)

    with client.session_transaction() as visit:
        assert "planted" not in visit
        assert visit["_user_id"] == wang.get_id()


def test_who_is_signed_in_is_led_on(client: FlaskClient, wang: User) -> None:
    send(client, wang.email)

    assert client.get("/sign-in").headers["Location"] == "/"


def test_signing_out_is_a_post_ends_the_session_and_keeps_the_language(
    browse: Browse, client: FlaskClient, session: Session, wang: User
) -> None:
    send(client, wang.email)
    client.post("/language", data={"locale": "ja"})

    assert client.get("/sign-out").status_code == 405
    browse.post("/sign-out")

    assert client.get("/account").status_code == 302
    with client.session_transaction() as visit:
        assert visit["locale"] == "ja"
    assert session.scalars(select(AuditEntry).where(AuditEntry.action == "user.signed_out")).one().actor_id == wang.id


def test_signing_out_twice_is_no_accident(browse: Browse, cast: Cast) -> None:
    browse.post("/sign-out")


def test_a_disabled_account_is_out_at_once(client: FlaskClient, session: Session, wang: User) -> None:
    send(client, wang.email)
    wang.disabled_at = wang.created_at
    session.flush()

    assert client.get("/account").status_code == 302


@pytest.fixture
def limited(tmp_path: Path, worker_name: str) -> Iterator[Flask]:
    """An application that counts requests."""
    url = fresh_database_url(tmp_path, f"limited_{worker_name}")
    settings = make_settings(tmp_path, url).model_copy(update={"rate_limits": "on"})
    application = create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False)
    with application.app_context():
        Base.metadata.create_all(db.engine)
    yield application
    limiter.enabled = False
    with application.app_context():
        db.engine.dispose()
    drop_database(url)


def test_an_address_may_fail_five_times_a_minute_and_successes_do_not_count(limited: Flask, now: datetime) -> None:
    with limited.app_context():
        make_cast(db.session, now=now).tom.password_hash = hashed(SECRET)
        db.session.commit()
    client = limited.test_client()

    for _ in range(6):
        assert send(client, "tom@partner.example") == "/work/queue"
        client.post("/sign-out")
    codes = [client.post("/sign-in", data={"email": f"{n}@x.cn", "password": "x"}).status_code for n in range(6)]

    assert codes == [200] * 5 + [429]
    assert client.get("/sign-in").status_code == 200


def test_a_person_sends_files_thirty_times_an_hour_and_text_as_often_as_they_like(
    limited: Flask, now: datetime
) -> None:
    with limited.app_context():
        make_cast(db.session, now=now).tom.password_hash = hashed(SECRET)
        db.session.commit()
    client = limited.test_client()
    send(client, "tom@partner.example")

    def post(**files: object) -> int:
        data = {"locale": "en", **files}
        return client.post("/language", data=data, content_type="multipart/form-data").status_code

    codes = [post(file=(io.BytesIO(b"x"), "x.txt")) for _ in range(31)]

    assert codes == [302] * 30 + [429]
    assert post() == 302
