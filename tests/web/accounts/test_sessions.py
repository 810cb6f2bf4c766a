"""Devices on the security page, and how sessions end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.passwords import hashed
from helpdesk.accounts.sessions.browser import TOKEN
from helpdesk.accounts.sessions.models import UserSession
from helpdesk.accounts.sessions.rules import SEEN_EVERY
from helpdesk.clock import utc_now
from helpdesk.limits import SESSION_ABSOLUTE, SESSION_IDLE
from tests.browse import Browse
from tests.cast import Cast

SECRET = "correct giraffe battery"  # noqa: S105 - not a secret


@pytest.fixture
def tom(session: Session, cast: Cast) -> User:
    """Tom, who has a password."""
    cast.tom.password_hash = hashed(SECRET)
    session.flush()
    return cast.tom


@pytest.fixture
def other(app: Flask, tom: User) -> Browse:
    """Tom's other device."""
    return Browse(app.test_client()).sign_in(tom)


def token_of(client: FlaskClient) -> str:
    """What the cookie holds."""
    with client.session_transaction() as visit:
        return str(visit.get(TOKEN))


def sign_in(client: FlaskClient, tom: User) -> None:
    """Sign in through the form."""
    client.post("/sign-in", data={"email": tom.email, "password": SECRET})


def in_(browse: Browse) -> bool:
    """Whether the browser is signed in."""
    return browse.client.get("/account").status_code == 200


def rows_of(session: Session, person: User) -> list[UserSession]:
    """The rows as the database has them."""
    session.expire_all()
    return list(session.scalars(select(UserSession).where(UserSession.user_id == person.id).order_by(UserSession.id)))


def test_every_sign_in_gets_a_new_value_and_signing_out_ends_it(
    client: FlaskClient, session: Session, tom: User
) -> None:
    with client.session_transaction() as visit:
        visit[TOKEN] = "planted by somebody else"
    sign_in(client, tom)
    first = token_of(client)
    assert first != "planted by somebody else"
    client.post("/sign-out")
    assert rows_of(session, tom) == []
    sign_in(client, tom)

    assert token_of(client) != first
    assert len(rows_of(session, tom)) == 1


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app: Flask, client: FlaskClient, tom: User) -> None:
    sign_in(client, tom)
    cookie = client.get_cookie("session")
    assert cookie is not None
    client.post("/sign-out")

    thief = app.test_client()
    thief.set_cookie("session", cookie.value)
    assert thief.get("/account").status_code == 302


def test_a_cookie_without_a_row_is_nobody(client: FlaskClient, tom: User) -> None:
    with client.session_transaction() as visit:
        visit["_user_id"] = tom.get_id()

    assert client.get("/account").status_code == 302


def test_the_page_shows_devices_networks_and_which_is_this_one(browse: Browse, tom: User, other: Browse) -> None:
    page = browse.sign_in(tom).get("/account/security")

    assert page.text.count("Firefox on Linux") == 2
    assert page.text.count("this device") == 1
    assert "127.0.0.1" in page.text
    assert "after 2 hours without use, and 12 hours after signing in" in page.text


def test_another_device_can_be_signed_out(browse: Browse, session: Session, tom: User, other: Browse) -> None:
    theirs = rows_of(session, tom)[0].public_id

    page = browse.sign_in(tom).post(f"/account/sessions/{theirs}/end")

    assert "That device was signed out." in page.text
    assert (in_(browse), in_(other)) == (True, False)


def test_this_device_can_be_signed_out_there_too(browse: Browse, session: Session, tom: User) -> None:
    browse.sign_in(tom)

    browse.post(f"/account/sessions/{rows_of(session, tom)[0].public_id}/end")

    assert not in_(browse)


def test_all_others_or_all_devices_can_be_signed_out(app: Flask, browse: Browse, tom: User, other: Browse) -> None:
    browse.sign_in(tom)

    browse.post("/account/sessions/end-others")
    assert (in_(browse), in_(other)) == (True, False)
    other.sign_in(tom)
    browse.post("/account/sessions/end-all")
    assert (in_(browse), in_(other)) == (False, False)


def test_nobody_ends_another_persons_session(browse: Browse, session: Session, cast: Cast, other: Browse) -> None:
    theirs = rows_of(session, cast.tom)[0].public_id

    browse.sign_in(cast.mei)

    assert browse.client.post(f"/account/sessions/{theirs}/end").status_code == 404
    assert in_(other)


@pytest.mark.parametrize("who", ["tom", "wang_fang", "root"])
def test_a_session_ends_by_time(browse: Browse, session: Session, cast: Cast, who: str) -> None:
    person: User = getattr(cast, who)
    for age, seen in [
        (SESSION_IDLE[person.role], SESSION_IDLE[person.role]),
        (SESSION_ABSOLUTE[person.role], timedelta(0)),
    ]:
        browse.sign_in(person)
        assert in_(browse)
        row = rows_of(session, person)[-1]
        row.started_at, row.seen_at = utc_now() - age, utc_now() - seen
        session.flush()
        assert not in_(browse)


@pytest.fixture
def writes(session: Session) -> Iterator[list[str]]:
    """The statements that change sessions."""
    seen: list[str] = []
    connection = session.connection()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE user_session"):
            seen.append(statement)

    sa.event.listen(connection, "before_cursor_execute", note)
    yield seen
    sa.event.remove(connection, "before_cursor_execute", note)


@pytest.mark.parametrize("method", ["get", "post"])
def test_being_seen_is_written_down_every_few_minutes_and_not_for_every_page(
    browse: Browse, session: Session, tom: User, writes: list[str], method: str
) -> None:
    browse.sign_in(tom)
    row = rows_of(session, tom)[0]
    row.seen_at = utc_now() - SEEN_EVERY
    session.flush()
    writes.clear()

    if method == "get":
        browse.get("/account")
        assert len(writes) == 1
        return
    browse.post("/account", {"name": "Tom", "locale": "en", "time_zone": "Asia/Tokyo"})
    browse.get("/account")

    assert len(writes) == 1
    assert rows_of(session, tom)[0].seen_at > utc_now() - timedelta(minutes=1)


def test_signed_in_pages_are_kept_by_no_browser(browse: Browse, tom: User) -> None:
    assert browse.client.get("/sign-in").headers.get("Cache-Control") != "no-store"
    assert browse.sign_in(tom).client.get("/account").headers["Cache-Control"] == "no-store"


def test_the_cookie_is_for_the_server_alone(client: FlaskClient, tom: User) -> None:
    answer = client.post("/sign-in", data={"email": tom.email, "password": SECRET})

    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("session="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize(("locale", "words"), [("zh-Hans", "已登录的设备"), ("ja", "サインイン中の端末")])
def test_the_page_speaks_every_language(browse: Browse, session: Session, tom: User, locale: str, words: str) -> None:
    tom.locale = locale
    session.flush()

    assert words in browse.sign_in(tom).get("/account/security").text
