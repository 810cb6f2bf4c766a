"""Inviting and coming in, through the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.invitations.models import Invitation
from helpdesk.accounts.models import User
from helpdesk.accounts.passwords import hashed
from helpdesk.accounts.queries import user_by_email
from helpdesk.permissions import Role
from tests.browse import Browse, Page
from tests.cast import Cast
from tests.mailed import link, mails

NEW = "zhao.lei@lanting.example"
WISH = {"email": NEW, "role": "customer_member", "locale": "en"}
PASSWORD = "rainy harbour lanterns"  # noqa: S105 - not a secret
ANSWER = {"name": "Zhao Lei", "locale": "ja", "time_zone": "Asia/Tokyo", "password": PASSWORD, "again": PASSWORD}
OVER = "This link is over"


def english(session: Session, *people: User) -> None:
    """Let people read English."""
    for person in people:
        person.locale = "en"
    session.flush()


@pytest.fixture
def wang(session: Session, cast: Cast) -> User:
    """Wang Fang, who reads English today."""
    english(session, cast.wang_fang)
    return cast.wang_fang


def invitations(session: Session) -> list[Invitation]:
    """All there are."""
    return list(session.scalars(select(Invitation).execution_options(populate_existing=True)))


def test_a_billing_contact_invites_a_colleague_who_comes_in_and_signs_in(
    browse: Browse, session: Session, wang: User
) -> None:
    page = browse.sign_in(wang).post("/organisation/people/invite", WISH)
    assert f"The invitation to {NEW} is on its way." in page.text
    assert "invited by 王芳" in page.text
    path = link(session, "invitation")

    browse.sign_out()
    welcome = browse.get(path)
    assert "for 兰亭设计有限公司" in welcome.text
    door = browse.post(path, ANSWER)

    assert door.all("html")[0]["lang"] == "ja"
    assert door.all("form", action="/sign-in")
    made = user_by_email(session, NEW)
    assert made is not None
    assert (made.name, made.role, made.customer_id, made.locale) == (
        "Zhao Lei",
        Role.CUSTOMER_MEMBER,
        wang.customer_id,
        "ja",
    )
    sent = browse.client.post("/sign-in", data={"email": NEW, "password": PASSWORD})
    assert sent.status_code == 302


def test_opening_the_link_uses_nothing_up_and_sending_the_form_does(
    browse: Browse, client: FlaskClient, session: Session, wang: User
) -> None:
    browse.sign_in(wang).post("/organisation/people/invite", WISH)
    path = link(session, "invitation")
    browse.sign_out()

    for _ in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert invitations(session)[0].accepted_at is None
    assert client.get(path).headers["Cache-Control"] == "no-store"
    browse.post(path, ANSWER)

    assert OVER in browse.get(path, status=404).text or "無効" in browse.get(path, status=404).text
    assert client.post(path, data=ANSWER).status_code == 404


@pytest.mark.parametrize("path", ["/invitation/", "/invitation/x", "/invitation/" + "a" * 43, "/invitation/%20"])
def test_a_link_that_is_none_opens_nothing(client: FlaskClient, cast: Cast, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path, data=ANSWER).status_code == 404


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Enter your name."),
        ({"name": " "}, "Write the name by which this person should be addressed."),
        ({"password": "short", "again": "short"}, "A password needs at least 12 characters."),
        ({"again": "something else"}, "The two passwords differ."),
        ({"time_zone": "Mars/Olympus"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_the_link_still_works(
    browse: Browse, session: Session, wang: User, change: dict[str, str], sentence: str
) -> None:
    browse.sign_in(wang).post("/organisation/people/invite", WISH)
    path = link(session, "invitation")
    browse.sign_out()

    page = browse.post(path, ANSWER | change)

    assert sentence in page.text
    assert user_by_email(session, NEW) is None
    assert browse.get(path).all("form", action=path)


def _beside(page: Page, email: str) -> list[str]:
    """What the page says after each place where it names the address."""
    return [text[:40] for text in page.text.split(email)[1:]]


def test_an_address_with_an_account_elsewhere_gets_the_very_same_page(
    browse: Browse, session: Session, cast: Cast, wang: User
) -> None:
    unknown = browse.sign_in(wang).post("/organisation/people/invite", WISH)
    known = browse.post("/organisation/people/invite", WISH | {"email": cast.sato.email})

    sentence = "The invitation to {} is on its way."
    assert sentence.format(NEW) in unknown.text
    assert sentence.format(cast.sato.email) in known.text
    assert _beside(known, cast.sato.email) == _beside(unknown, NEW)
    assert [mail.kind for mail in mails(session)] == ["invitation", "invitation_known"]


@pytest.mark.parametrize("role", ["agent", "lead", "kb_editor", "administrator", "king"])
def test_a_billing_contact_can_never_grant_a_role_of_the_partner(
    browse: Browse, session: Session, wang: User, role: str
) -> None:
    page = browse.sign_in(wang).post("/organisation/people/invite", WISH | {"role": role})

    assert "Not a valid choice" in page.text
    assert [option["value"] for option in page.all("input", type="radio")] == ["customer_member", "billing_contact"]
    assert invitations(session) == []


def test_a_refusal_keeps_what_was_typed(browse: Browse, session: Session, cast: Cast, wang: User) -> None:
    page = browse.sign_in(wang).post("/organisation/people/invite", WISH | {"email": "nonsense"})
    twice = browse.post("/organisation/people/invite", WISH | {"email": cast.li_na.email})

    assert "“nonsense” is not an e-mail address" in page.text
    assert page.all("input", name="email")[0]["value"] == "nonsense"
    assert "is among these people or invitations already" in twice.text


def test_an_agent_invites_for_a_customer(browse: Browse, session: Session, cast: Cast) -> None:
    start = f"/work/customers/{cast.sakura.public_id}/people"

    page = browse.sign_in(cast.tom).post(f"{start}/invite", WISH | {"email": "mori@sakura.example", "locale": "ja"})

    assert "mori@sakura.example" in page.text
    assert invitations(session)[0].customer_id == cast.sakura.id
    assert mails(session)[0].locale == "ja"
    assert browse.client.get("/work/customers/nobody/people/invite").status_code == 404


def test_an_administrator_invites_staff_and_is_asked_who_it_is(browse: Browse, session: Session, cast: Cast) -> None:
    wish = {"email": "new@partner.example", "role": "kb_editor", "locale": "zh-Hans"}
    cast.root.password_hash = hashed(PASSWORD)
    session.flush()

    asked = browse.sign_in(cast.root, fresh=False).post("/work/administration/people/invite", wish)
    assert "Confirm that it is you" in asked.text
    assert invitations(session) == []
    page = browse.post("/work/administration/people/invite", wish | {"confirm_password": PASSWORD})

    assert "new@partner.example" in page.text
    assert (invitations(session)[0].role, invitations(session)[0].customer_id) == (Role.KB_EDITOR, None)


def test_an_invitation_is_sent_again_and_withdrawn(browse: Browse, session: Session, wang: User) -> None:
    browse.sign_in(wang).post("/organisation/people/invite", WISH)
    first, made = link(session, "invitation"), invitations(session)[0]

    soon = browse.post(f"/invitations/{made.public_id}/resend")
    assert "It can be sent again in 10 minutes." in soon.text
    made.sent_at -= timedelta(minutes=10)
    session.flush()
    again = browse.post(f"/invitations/{made.public_id}/resend")
    assert "is on its way" in again.text
    second = link(session, "invitation")
    assert OVER in browse.get(first, status=404).text
    withdrawn = browse.post(f"/invitations/{made.public_id}/withdraw")

    assert "was withdrawn" in withdrawn.text
    assert "Nobody at the moment." in withdrawn.text
    assert OVER in browse.get(second, status=404).text
    assert "accepted or withdrawn meanwhile" in browse.post(f"/invitations/{made.public_id}/withdraw", status=409).text


def test_invitations_of_another_organisation_do_not_exist(browse: Browse, session: Session, cast: Cast) -> None:
    browse.sign_in(cast.wang_fang).post("/organisation/people/invite", WISH)
    made = invitations(session)[0]

    for person in (cast.sato, cast.tom):
        english(session, person)
        answers = [
            browse.sign_in(person).client.post(f"/invitations/{made.public_id}/{deed}").status_code
            for deed in ("withdraw",)
        ]
        assert answers == ([404] if person is cast.sato else [302])
    assert browse.sign_in(cast.sato).client.post(f"/invitations/{made.public_id}/resend").status_code == 404


@pytest.mark.parametrize(("locale", "words"), [("zh-Hans", "受邀加入"), ("ja", "招待されました")])
def test_the_invited_person_is_greeted_in_the_language_of_the_invitation(
    browse: Browse, session: Session, wang: User, locale: str, words: str
) -> None:
    browse.sign_in(wang).post("/organisation/people/invite", WISH | {"locale": locale})
    browse.sign_out()

    assert words in browse.get(link(session, "invitation")).text
