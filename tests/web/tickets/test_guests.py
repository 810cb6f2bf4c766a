"""Inviting somebody from outside, and their page, as people walk it."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import copied_on
from helpdesk.tickets.services import copy_in, invite_guest, reply
from tests.browse import Browse
from tests.cast import Cast
from tests.mailed import SECRET_KEY, link, mails
from tests.unit.tickets.scenes import closed, opened
from tests.web.tickets.forms import form_of

AUDITOR = "ma.lin@audit.example"


def guest_of(browse: Browse, session: Session, ticket: Ticket, cast: Cast, now: datetime) -> str:
    """Be somebody from outside whom Wang Fang invited; the path of their page."""
    guest = invite_guest(session, ticket, email=AUDITOR, locale="en", by=cast.wang_fang, secret=SECRET_KEY, now=now)
    browse.sign_out().post(link(session, "guest_invited"), {"name": "Ma Lin"})
    return f"/guest/{guest.public_id}"


def test_a_billing_contact_reads_what_a_guest_will_see_then_invites_and_takes_back(
    wang: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)

    page = wang.get(f"/tickets/{ticket.ref}/guests")
    assert "Every message of this ticket with its files" in page.text
    page = wang.post(f"/tickets/{ticket.ref}/guests", form_of(page, email=AUDITOR, locale="ja"))
    assert f"The invitation to {AUDITOR} is on its way." in page.text
    assert "from outside, invited by 王芳" in page.text
    assert mails(session, "guest_invited")[0].locale == "ja"

    [end] = [form["action"] for form in page.all("form") if form["action"].endswith("/end")]
    page = wang.post(end)
    assert f"{AUDITOR} no longer sees this ticket, and gets no more mails about it." in page.text
    assert "invited by 王芳" not in page.text


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("", "Enter an e-mail address."),
        ("nobody", "nobody"),
        ("li.na@lanting.example", "belongs to the same organisation"),
    ],
)
def test_who_cannot_be_invited_is_refused_in_words(  # noqa: PLR0917 - the fixtures and the case
    wang: Browse, session: Session, cast: Cast, now: datetime, email: str, words: str
) -> None:
    ticket = opened(session, cast.wang_fang, now)

    page = wang.post(f"/tickets/{ticket.ref}/guests", {"email": email, "locale": "en"})

    assert words in page.text
    assert not mails(session, "guest_invited")


def test_a_member_invites_nobody_but_sees_who_is_there(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.li_na, now)
    cast.li_na.locale = "en"
    session.flush()
    guest_of(browse, session, ticket, cast, now)
    browse.sign_in(cast.li_na)

    page = browse.get(f"/tickets/{ticket.ref}")
    assert "Ma Lin" in page.text
    assert "Invite somebody from outside" not in page.text
    browse.get(f"/tickets/{ticket.ref}/guests", status=403)


def test_an_agent_sees_that_somebody_from_outside_reads_along_and_takes_it_back(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    guest_of(browse, session, ticket, cast, now)
    browse.sign_in(cast.tom)

    page = browse.get(f"/work/tickets/{ticket.ref}")
    assert "From outside: Ma Lin" in page.text
    assert "this is also read by: Ma Lin" in page.text
    people = browse.get(f"/work/tickets/{ticket.ref}/people")
    [end] = [form["action"] for form in people.all("form") if form["action"].endswith("/end")]
    browse.post(end)
    assert "Ma Lin, who is from outside, no longer sees the ticket." in browse.get(f"/work/tickets/{ticket.ref}").text


def test_a_guest_reads_and_writes_and_a_reload_does_not_write_twice(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    copy_in(session, ticket, person=cast.li_na, by=cast.wang_fang, now=now)
    path = guest_of(browse, session, ticket, cast, now)

    page = browse.get(path)
    assert "王芳 of 兰亭设计有限公司 invited you to this ticket." in page.text
    assert "李娜" in page.text
    for _ in range(2):
        page = browse.post(path, {"body": "It is line 3."})
    assert page.text.count("It is line 3.") == 1
    assert "Write a few words first." in browse.post(path, {"body": "  "}).text

    browse.sign_in(cast.tom)
    page = browse.get(f"/work/tickets/{ticket.ref}")
    assert "It is line 3." in page.text
    assert "From outside" in page.text


def test_in_another_browser_a_guest_is_asked_to_show_who_it_is_and_mailed_a_link(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    path = guest_of(browse, session, opened(session, cast.wang_fang, now), cast, now)
    browse.sign_out()

    assert "Show that it is you" in browse.get(path, status=401).text
    browse.post(f"{path}/link", status=401)
    assert len(mails(session, "guest_invited")) == 2
    browse.post(f"{path}/link", status=401)

    assert len(mails(session, "guest_invited")) == 2
    browse.post(link(session, "guest_invited"), {"name": "Ma Lin"})
    assert "Who reads this ticket" in browse.get(path).text


def test_a_guest_leaves_for_good(browse: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    path = guest_of(browse, session, ticket, cast, now)

    assert "You have left the ticket." in browse.post(f"{path}/leave").text

    browse.get(path, status=404)
    session.refresh(ticket)
    reply(session, ticket, body="An answer.", by=cast.tom, now=now)
    assert not mails(session, "guest_answered")


def test_a_closed_ticket_is_read_and_not_written_on(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    path = guest_of(browse, session, closed(session, cast, now), cast, now)

    assert "ask 王芳 to open it again" in browse.get(path).text
    assert "This ticket is closed." in browse.post(path, {"body": "One more."}).text


def test_a_link_that_is_over_says_so(browse: Browse, session: Session, cast: Cast, now: datetime) -> None:
    guest_of(browse, session, opened(session, cast.wang_fang, now), cast, now)

    assert "This link is over" in browse.get(link(session, "guest_invited"), status=404).text


@pytest.mark.parametrize("locale", ["zh-Hans", "ja"])
def test_the_pages_of_guests_are_whole_in_every_language(
    browse: Browse, session: Session, cast: Cast, now: datetime, locale: str
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    cast.wang_fang.locale = cast.tom.locale = locale
    session.flush()
    path = guest_of(browse, session, ticket, cast, now)
    browse.client.post("/language", data={"locale": locale})

    browse.get(path)
    browse.sign_in(cast.wang_fang).get(f"/tickets/{ticket.ref}/guests")
    browse.sign_in(cast.tom).get(f"/work/tickets/{ticket.ref}/guests")


def test_a_copied_colleague_leaves_and_the_giver_takes_a_copy_back(
    wang: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    cast.li_na.locale = "en"
    copy_in(session, ticket, person=cast.li_na, by=cast.wang_fang, now=now)
    end = f"/tickets/{ticket.ref}/copy/{cast.li_na.public_id}/end"

    assert "李娜 no longer follows this ticket." in wang.post(end).text
    copy_in(session, ticket, person=cast.li_na, by=cast.tom, now=now)
    wang.sign_in(cast.li_na)
    assert wang.get(f"/tickets/{ticket.ref}").all("form", action=end)
    page = wang.post(end)

    assert "My tickets" in page.text
    assert copied_on(session, ticket) == []
    wang.post(end, status=404)


def test_an_agent_takes_a_copy_back(tom: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    copy_in(session, ticket, person=cast.li_na, by=cast.wang_fang, now=now)

    page = tom.post(f"/work/tickets/{ticket.ref}/people/{cast.li_na.public_id}/end")

    assert "李娜 no longer follows this ticket." in page.text
    assert copied_on(session, ticket) == []
