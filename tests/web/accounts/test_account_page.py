"""One's own account through the pages."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.passwords import hashed, matches
from helpdesk.notifications.models import OutboxMessage
from tests.browse import Browse
from tests.cast import Cast

SECRET = "correct giraffe battery"  # noqa: S105 - not a secret
BETTER = "rainy harbour lanterns"
CHANGE = {"current": SECRET, "password": BETTER, "again": BETTER}


@pytest.fixture
def wang(session: Session, cast: Cast) -> User:
    """Wang Fang, who has a password and reads English today."""
    cast.wang_fang.password_hash = hashed(SECRET)
    cast.wang_fang.locale = "en"
    session.flush()
    return cast.wang_fang


def test_the_page_shows_who_one_is(browse: Browse, wang: User) -> None:
    page = browse.sign_in(wang).get("/account")

    for word in ("wang.fang@lanting.example", "Billing contact", "兰亭设计有限公司"):
        assert word in page.text
    assert page.all("option", value="Asia/Shanghai", selected="")
    assert page.all("body", class_="portal") or "portal" in str(page.all("body"))


def test_colleagues_see_it_in_the_workspace_without_an_organisation(browse: Browse, cast: Cast) -> None:
    page = browse.sign_in(cast.tom).get("/account")

    assert "Agent" in page.text
    assert "Organisation" not in page.text
    assert "workspace" in str(page.all("body"))


def test_name_language_and_time_zone_can_be_changed(browse: Browse, session: Session, wang: User) -> None:
    data = {"name": " Fang  Wang ", "locale": "ja", "time_zone": "Asia/Tokyo"}

    page = browse.sign_in(wang).post("/account", data)

    session.refresh(wang)
    assert (wang.name, wang.locale, wang.time_zone) == ("Fang Wang", "ja", "Asia/Tokyo")
    assert page.all("html")[0]["lang"] == "ja"


def test_an_uncommon_time_zone_stays_on_offer(browse: Browse, session: Session, wang: User) -> None:
    wang.time_zone = "Asia/Kathmandu"
    session.flush()

    page = browse.sign_in(wang).get("/account")

    assert page.all("option", value="Asia/Kathmandu", selected="")


@pytest.mark.parametrize("data", [{"name": ""}, {"locale": "xx"}, {"time_zone": "Mars/Olympus"}])
def test_a_wrong_profile_is_refused_and_kept_on_the_page(
    browse: Browse, session: Session, wang: User, data: dict[str, str]
) -> None:
    sent = {"name": "Other Name", "locale": "ja", "time_zone": "Asia/Tokyo"} | data

    page = browse.sign_in(wang).post("/account", sent)

    assert "Nothing that you typed was lost" in page.text
    assert page.all("input", name="name")[0]["value"] == sent["name"]
    session.refresh(wang)
    assert wang.name == "王芳"


def test_the_password_can_be_changed_and_other_devices_are_signed_out(
    app: Flask, browse: Browse, session: Session, wang: User
) -> None:
    other_device = Browse(app.test_client()).sign_in(wang)

    page = browse.sign_in(wang).post("/account/password", CHANGE)

    assert "Your password was changed" in page.text
    assert page.all("form", action="/account/password")
    session.refresh(wang)
    assert matches(wang.password_hash, BETTER)
    assert other_device.client.get("/account").status_code == 302
    assert session.scalars(select(OutboxMessage)).one().kind == "password_changed"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"current": "wrong"}, "That is not your current password."),
        ({"password": "short", "again": "short"}, "A password needs at least 12 characters."),
        ({"password": "password1234", "again": "password1234"}, "one of the first that anyone would try"),
        ({"again": "something else"}, "The two new passwords differ."),
        ({"current": ""}, "Enter your current password."),
    ],
)
def test_a_refused_password_says_why_and_changes_nothing(
    browse: Browse, session: Session, wang: User, change: dict[str, str], sentence: str
) -> None:
    page = browse.sign_in(wang).post("/account/password", CHANGE | change)

    assert sentence in page.text
    session.refresh(wang)
    assert matches(wang.password_hash, SECRET)
    assert browse.client.get("/account").status_code == 200


def test_nobody_changes_anything_without_signing_in(client: FlaskClient, cast: Cast) -> None:
    answers = [client.get("/account"), client.post("/account", data={}), client.post("/account/password", data=CHANGE)]

    assert [answer.status_code for answer in answers] == [302, 302, 302]


@pytest.mark.parametrize("locale", ["zh-Hans", "ja"])
def test_the_pages_speak_every_language(browse: Browse, session: Session, wang: User, locale: str) -> None:
    wang.locale = locale
    session.flush()

    page = browse.sign_in(wang).get("/account")

    assert page.all("html")[0]["lang"] == locale
