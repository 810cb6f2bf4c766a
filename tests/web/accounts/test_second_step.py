"""The second step through the pages: setting it up, giving it, being led to it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.passwords import hashed
from helpdesk.accounts.required_step import OPEN
from helpdesk.accounts.second_factor.models import SecondFactor
from helpdesk.accounts.second_factor.queries import has_second_factor, unused_codes
from helpdesk.accounts.sessions.browser import TOKEN
from helpdesk.accounts.sessions.models import UserSession
from helpdesk.audit.models import AuditEntry
from helpdesk.clock import utc_now
from tests.browse import Browse, Page
from tests.cast import Cast
from tests.second_step import give_second_factor, shown_by_app

SECRET = "correct giraffe battery"  # noqa: S105 - not a secret
EARLIER = timedelta(minutes=5)


@pytest.fixture
def tom(session: Session, cast: Cast) -> User:
    """Tom, who has a password."""
    cast.tom.password_hash = hashed(SECRET)
    session.flush()
    return cast.tom


@pytest.fixture
def app_of_tom(session: Session, tom: User) -> str:
    """The secret of the app that Tom set up a while ago."""
    return give_second_factor(session, tom, now=utc_now() - EARLIER)[0]


@pytest.fixture
def required(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the partner's people need a second step, as in production."""
    monkeypatch.setattr(app.config["HELPDESK"], "staff_two_factor", "on")


def give_password(browse: Browse, person: User, **more: str) -> Page:
    """Send the sign-in form."""
    return browse.post("/sign-in", {"email": person.email, "password": SECRET} | more)


def token_of(client: FlaskClient) -> str:
    """What the cookie holds."""
    with client.session_transaction() as visit:
        return str(visit.get(TOKEN))


def signed_in_at(session: Session, person: User) -> datetime | None:
    """When the person was let in last."""
    return session.scalars(select(User.last_sign_in_at).where(User.id == person.id)).one()


def secret_on(page: Page) -> str:
    """The secret that the set-up page shows as text."""
    found = re.search(r"Secret ((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})", page.text)
    assert found, page.text
    return found[1].replace(" ", "")


def codes_on(page: Page) -> list[str]:
    """The recovery codes that the page shows."""
    return [field["value"] for field in page.all("input", type="hidden", name="code")]


def test_it_is_set_up_with_a_picture_a_secret_and_a_first_code(browse: Browse, session: Session, tom: User) -> None:
    browse.sign_in(tom)
    assert "off" in browse.get("/account/security").text
    browse.get("/account/second-step")

    page = browse.post("/account/second-step/begin")
    picture = page.all("img", width="225")[0]
    assert picture["src"].startswith("data:image/svg+xml")
    assert page.all("a", href=next(a["href"] for a in page.all("a") if a["href"].startswith("otpauth://totp/")))
    assert browse.get("/account/second-step/set-up").all("img", width="225")[0]["src"] == picture["src"]
    page = browse.post("/account/second-step/set-up", {"code": shown_by_app(secret_on(page))})

    codes = codes_on(page)
    assert len(set(codes)) == 10
    assert has_second_factor(session, tom)
    page = browse.get("/account/security")
    assert "10 recovery codes are left" in page.text
    assert not codes_on(page)


def test_the_page_of_codes_belongs_to_the_new_session(
    app: Flask, browse: Browse, tom: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    browse.sign_in(tom)
    secret = secret_on(browse.post("/account/second-step/begin"))
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    token = browse.get("/account/second-step/set-up").all("input", name="csrf_token")[0]["value"]

    page = browse.post("/account/second-step/set-up", {"code": shown_by_app(secret), "csrf_token": token})
    renewed = page.all("input", name="csrf_token")[0]["value"]
    answer = browse.client.post("/account/second-step/codes.txt", data={"code": codes_on(page), "csrf_token": renewed})

    assert answer.mimetype == "text/plain"


def test_a_wrong_first_code_shows_the_same_picture_again(browse: Browse, session: Session, tom: User) -> None:
    browse.sign_in(tom)
    before = secret_on(browse.post("/account/second-step/begin"))

    page = browse.post("/account/second-step/set-up", {"code": "000000"})

    assert "That code is not right" in page.text
    assert secret_on(page) == before
    assert not has_second_factor(session, tom)


def test_without_beginning_there_is_nothing_to_set_up(browse: Browse, tom: User) -> None:
    assert "Begin" in browse.sign_in(tom).get("/account/second-step/set-up").text


def test_setting_up_signs_other_devices_out_and_keeps_this_one(app: Flask, browse: Browse, tom: User) -> None:
    other = Browse(app.test_client()).sign_in(tom)
    browse.sign_in(tom)
    secret = secret_on(browse.post("/account/second-step/begin"))

    browse.post("/account/second-step/set-up", {"code": shown_by_app(secret)})

    assert other.client.get("/account").status_code == 302
    assert browse.client.get("/account").status_code == 200


def test_the_codes_can_be_kept_as_a_file_and_foreign_ones_cannot(
    browse: Browse, session: Session, tom: User, app_of_tom: str
) -> None:
    browse.sign_in(tom, two_step=True)
    codes = codes_on(browse.post("/account/second-step/codes"))

    answer = browse.client.post("/account/second-step/codes.txt", data={"code": codes})

    assert answer.mimetype == "text/plain"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert all(code in answer.get_data(as_text=True) for code in codes)
    for wrong in ({"code": [*codes, "made-made-made-made"]}, {}):
        assert browse.client.post("/account/second-step/codes.txt", data=wrong).status_code == 400
    assert unused_codes(session, tom) == 10


def test_the_password_alone_shows_nothing_and_the_code_lets_in(
    browse: Browse, session: Session, tom: User, app_of_tom: str
) -> None:
    page = give_password(browse, tom, next="/account")
    half = token_of(browse.client)

    assert "Enter the code" in page.text
    assert tom.name not in page.text
    assert browse.client.get("/account").status_code == 302
    assert browse.client.get("/work/queue").status_code == 302
    assert browse.client.get("/sign-in").headers["Location"] == "/sign-in/code"
    assert signed_in_at(session, tom) is None
    page = browse.post("/sign-in/code", {"code": shown_by_app(app_of_tom), "next": "/account"})

    assert "tom@partner.example" in page.text
    assert token_of(browse.client) != half
    assert signed_in_at(session, tom) is not None
    row = session.scalars(select(UserSession).where(UserSession.user_id == tom.id)).one()
    assert row.is_two_step
    said = [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert said[-2:] == ["user.password_accepted", "user.signed_in"]


def test_the_page_keeps_where_one_wanted_to_go(browse: Browse, tom: User, app_of_tom: str) -> None:
    page = give_password(browse, tom, next="/account/security")

    assert page.all("input", id="next")[0]["value"] == "/account/security"


def test_a_wrong_code_is_told_and_the_same_code_never_works_twice(
    app: Flask, browse: Browse, tom: User, app_of_tom: str
) -> None:
    give_password(browse, tom)
    assert "That code is not right" in browse.post("/sign-in/code", {"code": "000000"}).text
    code = shown_by_app(app_of_tom)
    browse.post("/sign-in/code", {"code": code})
    assert browse.client.get("/account").status_code == 200

    thief = Browse(app.test_client())
    give_password(thief, tom)
    assert "was used before" in thief.post("/sign-in/code", {"code": code}).text
    assert thief.client.get("/account").status_code == 302


def test_a_recovery_code_lets_in_and_says_how_many_are_left(browse: Browse, session: Session, tom: User) -> None:
    _, codes = give_second_factor(session, tom, now=utc_now() - EARLIER)
    give_password(browse, tom)

    page = browse.post("/sign-in/code", {"code": codes[0]})

    assert "You used a recovery code; 9 are left." in page.text


def test_guessing_codes_is_slowed_down(browse: Browse, tom: User, app_of_tom: str) -> None:
    give_password(browse, tom)
    pages = [browse.post("/sign-in/code", {"code": "000000"}).text for _ in range(6)]

    assert "There were too many tries." in pages[-1]
    assert "There were too many tries." in browse.post("/sign-in/code", {"code": shown_by_app(app_of_tom)}).text


def test_the_code_must_come_soon_after_the_password(
    browse: Browse, session: Session, tom: User, app_of_tom: str
) -> None:
    give_password(browse, tom)
    row = session.scalars(select(UserSession).where(UserSession.user_id == tom.id)).one()
    row.started_at = utc_now() - timedelta(minutes=11)
    session.flush()

    page = browse.post("/sign-in/code", {"code": shown_by_app(app_of_tom)})

    assert "Please enter your password first." in page.text


def test_nobody_gives_a_code_without_the_password(browse: Browse, cast: Cast) -> None:
    assert "Please enter your password first." in browse.get("/sign-in/code?next=/account").text


def test_who_is_in_is_led_on(browse: Browse, tom: User) -> None:
    assert browse.sign_in(tom).client.get("/sign-in/code").headers["Location"] == "/work/queue"


def test_one_can_begin_again_as_somebody_else(browse: Browse, session: Session, tom: User, app_of_tom: str) -> None:
    give_password(browse, tom)

    browse.post("/sign-out")

    assert session.scalars(select(UserSession).where(UserSession.user_id == tom.id)).all() == []
    assert browse.client.get("/sign-in").status_code == 200


def test_changing_the_password_keeps_one_in(browse: Browse, tom: User, app_of_tom: str) -> None:
    browse.sign_in(tom, two_step=True)
    new = "rainy harbour lanterns"

    page = browse.post("/account/password", {"current": SECRET, "password": new, "again": new})

    assert "Your password was changed." in page.text


def test_a_code_confirms_that_it_is_still_you(browse: Browse, tom: User, app_of_tom: str) -> None:
    browse.sign_in(tom, fresh=False, two_step=True)
    page = browse.get("/account/second-step/remove")
    assert page.all("input", name="confirm_code")
    assert page.all("input", name="confirm_password")

    wrong = browse.post("/confirm?next=/account/second-step/remove", {"confirm_code": "000000"})
    assert "That code is not right" in wrong.text
    page = browse.post("/confirm?next=/account/second-step/remove", {"confirm_code": shown_by_app(app_of_tom)})
    assert "Remove it" in page.text


def test_it_can_be_removed_where_it_is_not_required(
    browse: Browse, session: Session, tom: User, app_of_tom: str
) -> None:
    browse.sign_in(tom, two_step=True)
    assert "the password alone is enough" in browse.get("/account/second-step/remove").text

    page = browse.post("/account/second-step/remove")

    assert "The second step was removed." in page.text
    assert session.scalars(select(SecondFactor)).all() == []


def test_where_it_is_required_it_can_be_replaced_but_not_removed(
    browse: Browse, session: Session, tom: User, app_of_tom: str, required: None
) -> None:
    browse.sign_in(tom, two_step=True)

    page = browse.get("/account/security")
    assert "Set up another app" in page.text
    assert not page.all("a", href="/account/second-step/remove")
    assert "not do without" in browse.post("/account/second-step/remove", status=409).text
    assert has_second_factor(session, tom)


@pytest.mark.parametrize("who", ["tom", "mei", "emma", "root"])
def test_staff_without_it_are_led_to_setting_it_up_and_nowhere_else(
    app: Flask, browse: Browse, cast: Cast, required: None, who: str
) -> None:
    browse.sign_in(getattr(cast, who))
    elsewhere = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and not rule.arguments and rule.endpoint not in OPEN
    ]

    places = {path: browse.client.get(path).headers.get("Location") for path in elsewhere}

    assert len(places) > 30
    assert set(places.values()) == {"/account/second-step"}
    assert browse.client.post("/account/password").headers["Location"] == "/account/second-step"
    assert "Your work here begins with this" in browse.get("/account").text


def test_once_it_is_set_up_the_work_begins(browse: Browse, tom: User, required: None) -> None:
    browse.sign_in(tom)
    secret = secret_on(browse.post("/account/second-step/begin"))

    browse.post("/account/second-step/set-up", {"code": shown_by_app(secret)})

    assert browse.client.get("/work/queue").status_code == 200


def test_customers_may_do_without(browse: Browse, cast: Cast, required: None) -> None:
    assert browse.sign_in(cast.wang_fang).client.get("/account").status_code == 200


@pytest.mark.parametrize(("locale", "words"), [("zh-Hans", "登录第二步验证"), ("ja", "サインインの2段階目")])
def test_the_pages_speak_every_language(browse: Browse, session: Session, tom: User, locale: str, words: str) -> None:
    tom.locale = locale
    session.flush()

    assert words in browse.sign_in(tom).get("/account/second-step").text
