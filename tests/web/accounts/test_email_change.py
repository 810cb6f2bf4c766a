"""Another e-mail address, through the pages."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from tests.browse import Browse
from tests.cast import Cast
from tests.mailed import link, mails

NEW = "becker@partner.example"


@pytest.fixture
def tom(cast: Cast) -> User:
    """Tom, who gets another address."""
    return cast.tom


def test_an_address_is_asked_for_confirmed_and_told_to_both(browse: Browse, session: Session, tom: User) -> None:
    account = browse.sign_in(tom).post("/account/email", {"email": NEW})
    assert f"We wrote to {NEW}" in account.text
    assert f"{NEW} waits to be confirmed until" in account.text
    path = link(session, "email_confirm")

    page = browse.get(path)
    assert NEW in page.text
    session.refresh(tom)
    assert tom.email == "tom@partner.example"
    done = browse.post(path)

    assert f"Your e-mail address is {NEW} from now on." in done.text
    session.refresh(tom)
    assert tom.email == NEW
    assert [mail.kind for mail in mails(session)] == ["email_confirm", "email_asked", "email_changed", "email_changed"]
    assert "This link is over" in browse.get(path, status=404).text
    browse.post(path, status=404)


def test_the_link_is_worth_nothing_to_anybody_else(browse: Browse, session: Session, cast: Cast, tom: User) -> None:
    browse.sign_in(tom).post("/account/email", {"email": NEW})
    path = link(session, "email_confirm")

    assert browse.sign_in(cast.mei).client.post(path).status_code == 404
    assert browse.sign_out().client.post(path).status_code == 302
    session.refresh(tom)
    assert tom.email == "tom@partner.example"


def test_it_asks_who_it_is(browse: Browse, session: Session, tom: User) -> None:
    page = browse.sign_in(tom, fresh=False).post("/account/email", {"email": NEW})

    assert "Confirm that it is you" in page.text
    assert mails(session) == []


def test_the_old_address_can_be_kept(browse: Browse, session: Session, tom: User) -> None:
    browse.sign_in(tom).post("/account/email", {"email": NEW})
    path = link(session, "email_confirm")

    page = browse.post("/account/email/withdraw")

    assert "Your address stays as it is." in page.text
    assert f"{NEW} waits" not in page.text
    browse.post(path, status=404)


def test_an_address_that_somebody_has_gets_the_same_answer(browse: Browse, session: Session, cast: Cast) -> None:
    page = browse.sign_in(cast.tom).post("/account/email", {"email": cast.sato.email})

    assert f"We wrote to {cast.sato.email}" in page.text
    assert [mail.kind for mail in mails(session)] == ["email_known", "email_asked"]


def test_what_makes_no_sense_is_said_at_the_field(browse: Browse, tom: User) -> None:
    page = browse.sign_in(tom).post("/account/email", {"email": "nonsense"})
    same = browse.post("/account/email", {"email": tom.email})
    empty = browse.post("/account/email", {"email": ""})

    assert "is not an e-mail address" in page.text
    assert page.all("input", name="email")[0]["value"] == "nonsense"
    assert "That is your address already." in same.text
    assert "Enter the new e-mail address." in empty.text


def test_the_account_page_leads_on(browse: Browse, cast: Cast) -> None:
    page = browse.sign_in(cast.wang_fang).get("/account")

    for path in ("/account/email", "/account/security", "/notifications/choices", "/organisation/people"):
        assert page.all("a", href=path)


@pytest.mark.parametrize("locale", ["zh-Hans", "ja"])
def test_the_pages_speak_every_language(browse: Browse, session: Session, tom: User, locale: str) -> None:
    tom.locale = locale
    session.flush()
    browse.sign_in(tom).post("/account/email", {"email": NEW})

    for path in ("/account/email", "/account", link(session, "email_confirm")):
        assert browse.get(path).all("html")[0]["lang"] == locale
