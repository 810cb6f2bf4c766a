"""“Is it still you?”: asked before what is sensitive, without losing what was typed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.passwords import hashed
from helpdesk.accounts.sessions.models import UserSession
from helpdesk.clock import utc_now
from helpdesk.limits import FRESH_SIGN_IN
from tests.browse import Browse, Page
from tests.cast import Cast

SECRET = "correct giraffe battery"  # noqa: S105 - not a secret
DOWNLOAD = "/work/billing/reconcile.csv?from=2026-10-01"
PAGE = "/account/second-step/remove?from=test"
PUBLISH = "/work/collections/policy/publish"
ASKED = "Confirm that it is you"


@pytest.fixture
def mei(session: Session, cast: Cast) -> User:
    """Mei, who has a password."""
    cast.mei.password_hash = hashed(SECRET)
    session.flush()
    return cast.mei


def hidden(page: Page, name: str) -> list[str]:
    """The values that the page sends along unseen."""
    return [field["value"] for field in page.all("input", type="hidden", name=name)]


def test_who_just_signed_in_is_not_asked(browse: Browse, mei: User) -> None:
    browse.sign_in(mei)

    assert browse.client.get(DOWNLOAD).mimetype == "text/csv"


def test_a_page_is_asked_for_first_and_then_shown(browse: Browse, mei: User) -> None:
    browse.sign_in(mei, fresh=False)

    page = browse.get(PAGE)
    assert ASKED in page.text
    action = page.all("form", method="post")[-1]["action"]
    answer = browse.client.post(action, data={"confirm_password": SECRET})

    assert answer.headers["Location"] == PAGE


def test_a_file_is_asked_for_first_and_then_offered(browse: Browse, mei: User) -> None:
    browse.sign_in(mei, fresh=False)
    page = browse.get(DOWNLOAD)

    page = browse.post(page.all("form", method="post")[-1]["action"], {"confirm_password": SECRET})

    assert page.all("a", href=DOWNLOAD)
    assert browse.client.get(DOWNLOAD).mimetype == "text/csv"


def test_a_form_that_comes_late_keeps_every_field_and_goes_on_with_the_password(browse: Browse, mei: User) -> None:
    browse.sign_in(mei, fresh=False)
    typed = {"words": "two\nlines & <b>", "many": ["1", "2"]}

    page = browse.post(PUBLISH, typed)
    assert ASKED in page.text
    assert "What you entered is kept" in page.text
    assert hidden(page, "words") == ["two\nlines & <b>"]
    assert hidden(page, "many") == ["1", "2"]
    assert page.all("form", action=PUBLISH)
    # there is no draft: the view itself answers
    assert browse.client.post(PUBLISH, data=typed | {"confirm_password": SECRET}).status_code == 404


def test_a_wrong_password_asks_again_and_still_keeps_the_fields(browse: Browse, mei: User) -> None:
    browse.sign_in(mei, fresh=False)

    page = browse.post(PUBLISH, {"words": "kept", "confirm_password": "wrong"})

    assert "That is not your password." in page.text
    assert hidden(page, "words") == ["kept"]
    assert hidden(page, "confirm_password") == []


def test_an_empty_answer_is_told(browse: Browse, mei: User) -> None:
    page = browse.sign_in(mei, fresh=False).post("/confirm?next=/account", {"confirm_password": ""})

    assert "Enter your password or a code." in page.text


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example"])
def test_one_never_goes_on_to_another_site(browse: Browse, mei: User, place: str) -> None:
    browse.sign_in(mei, fresh=False)

    answer = browse.client.post(f"/confirm?next={place}", data={"confirm_password": SECRET})

    assert answer.headers["Location"] == "/account/security"


def test_after_ten_minutes_the_question_comes_back(browse: Browse, session: Session, mei: User) -> None:
    browse.sign_in(mei)
    row = session.scalars(select(UserSession)).one()
    row.confirmed_at = utc_now() - FRESH_SIGN_IN + timedelta(seconds=30)
    session.flush()
    assert browse.client.get(DOWNLOAD).status_code == 200

    row.confirmed_at = utc_now() - FRESH_SIGN_IN
    session.flush()
    assert browse.client.get(DOWNLOAD).status_code == 302


def test_who_may_not_do_it_at_all_is_not_asked(browse: Browse, cast: Cast) -> None:
    browse.sign_in(cast.tom, fresh=False)

    assert browse.client.get(DOWNLOAD).status_code == 403


@pytest.mark.parametrize(("locale", "words"), [("zh-Hans", "请确认是您本人"), ("ja", "ご本人の確認")])
def test_the_question_speaks_every_language(
    browse: Browse, session: Session, mei: User, locale: str, words: str
) -> None:
    mei.locale = locale
    session.flush()

    assert words in browse.sign_in(mei, fresh=False).get("/confirm").text
