"""A forgotten password, through the pages."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.passwords import hashed, matches
from tests.browse import Browse
from tests.cast import Cast
from tests.mailed import link, mails

OLD = "correct giraffe battery"
BETTER = "rainy harbour lanterns"
CHOICE = {"password": BETTER, "again": BETTER}


@pytest.fixture
def tom(session: Session, cast: Cast) -> User:
    """Tom, who has forgotten his password."""
    cast.tom.password_hash = hashed(OLD)
    session.flush()
    return cast.tom


def test_the_door_leads_to_it(browse: Browse, cast: Cast) -> None:
    assert browse.get("/sign-in").all("a", href="/sign-in/forgotten")


def test_the_answer_is_the_same_for_an_unknown_address(browse: Browse, session: Session, tom: User) -> None:
    known = browse.post("/sign-in/forgotten", {"email": tom.email})
    unknown = browse.post("/sign-in/forgotten", {"email": "nobody@x.cn"})
    browse.post("/sign-in/forgotten", {"email": "nobody\0@x.cn"})

    assert "Look into your mail" in known.text
    assert known.text.replace(tom.email, "…") == unknown.text.replace("nobody@x.cn", "…")
    assert [mail.delivery.address for mail in mails(session)] == [tom.email]


def test_the_link_gives_a_new_password_and_signs_every_device_out(
    app: Flask, browse: Browse, session: Session, tom: User
) -> None:
    elsewhere = Browse(app.test_client()).sign_in(tom)
    browse.post("/sign-in/forgotten", {"email": tom.email})
    path = link(session, "password_reset")

    assert tom.email in browse.get(path).text
    door = browse.post(path, CHOICE)

    assert "sign in with the new one" in door.text
    assert door.all("form", action="/sign-in")
    session.refresh(tom)
    assert matches(tom.password_hash, BETTER)
    assert elsewhere.client.get("/account").status_code == 302
    assert browse.client.get("/account").status_code == 302
    assert mails(session)[-1].kind == "password_changed"


def test_opening_the_link_uses_nothing_up_and_it_works_once(
    browse: Browse, client: FlaskClient, session: Session, tom: User
) -> None:
    browse.post("/sign-in/forgotten", {"email": tom.email})
    path = link(session, "password_reset")

    assert [client.get(path).status_code for _ in range(3)] == [200] * 3
    assert client.get(path).headers["Cache-Control"] == "no-store"
    assert client.post(path, data=CHOICE).status_code == 302
    assert client.post(path, data=CHOICE).status_code == 404
    assert "This link is over" in browse.get(path, status=404).text


@pytest.mark.parametrize("path", ["/reset/", "/reset/x", "/reset/" + "a" * 43])
def test_a_link_that_is_none_opens_nothing(client: FlaskClient, cast: Cast, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path, data=CHOICE).status_code == 404


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"password": "short", "again": "short"}, "A password needs at least 12 characters."),
        ({"again": "something else"}, "The two new passwords differ."),
    ],
)
def test_a_refused_password_says_why_and_the_link_still_works(
    browse: Browse, session: Session, tom: User, choice: dict[str, str], sentence: str
) -> None:
    browse.post("/sign-in/forgotten", {"email": tom.email})
    path = link(session, "password_reset")

    page = browse.post(path, CHOICE | choice)

    assert sentence in page.text
    session.refresh(tom)
    assert matches(tom.password_hash, OLD)
    assert browse.get(path).all("form", action=path)


@pytest.mark.parametrize("email", ["tom@partner.example", "nobody@x.cn"])
def test_the_fourth_time_in_an_hour_is_refused_in_words_known_or_not(
    browse: Browse, session: Session, tom: User, email: str
) -> None:
    for _ in range(3):
        browse.post("/sign-in/forgotten", {"email": email})

    page = browse.post("/sign-in/forgotten", {"email": email.upper()})

    assert "We mailed several links within the hour." in page.text


def test_an_agent_who_reads_the_outbox_does_not_see_the_link(browse: Browse, session: Session, cast: Cast) -> None:
    browse.post("/sign-in/forgotten", {"email": cast.root.email})
    mail = mails(session)[-1]
    secret_part = link(session, "password_reset").rpartition("/")[2]

    page = browse.sign_in(cast.tom).get(f"/work/mail/{mail.public_id}")

    assert "/reset/•••" in page.text
    assert secret_part not in page.text


@pytest.mark.parametrize("locale", ["zh-Hans", "ja"])
def test_the_pages_speak_every_language(browse: Browse, session: Session, tom: User, locale: str) -> None:
    browse.post("/sign-in/forgotten", {"email": tom.email})
    browse.client.post("/language", data={"locale": locale})

    for path in ("/sign-in/forgotten", link(session, "password_reset")):
        assert browse.get(path).all("html")[0]["lang"] == locale
