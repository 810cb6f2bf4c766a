"""The customer's side of a ticket, through the pages."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from helpdesk.clock import utc_now
from helpdesk.tickets.models import TicketState
from helpdesk.tickets.queries import copied_on
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.tickets.scenes import (
    HOUR,
    answered,
    closed,
    opened,
    resolved,
    with_21vianet,
)
from tests.web.tickets.forms import form_of

CANARY = "KANARIENVOGEL-7f3a"


def test_an_empty_list_teaches(wang: Browse) -> None:
    page = wang.get("/tickets")

    assert "No tickets yet" in page.text
    assert page.all("a", href="/tickets/new")


def test_the_list_is_searched_and_filtered(wang: Browse, session: Session, cast: Cast, now: datetime) -> None:
    opened(session, cast.wang_fang, now, subject="October invoice")
    over = closed(session, cast, now)

    assert "October invoice" in wang.get("/tickets?q=october").text
    assert "No ticket matches" in wang.get("/tickets?q=nothing-like-it").text
    page = wang.get("/tickets?state=closed")
    assert over.ref in page.text
    assert "October invoice" not in page.text
    assert "October invoice" in wang.get("/tickets?state=nonsense&after=bent").text


def test_she_writes_and_a_reload_does_not_write_twice(
    wang: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = answered(session, cast, now)
    form = form_of(wang.get(f"/tickets/{ticket.ref}"), body="Still wrong.")

    wang.post(f"/tickets/{ticket.ref}", form)
    page = wang.post(f"/tickets/{ticket.ref}", form)

    session.refresh(ticket)
    assert ticket.state is TicketState.OPEN
    assert page.text.count("Still wrong.") == 1


def test_an_empty_message_is_refused(wang: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = answered(session, cast, now)

    page = wang.post(f"/tickets/{ticket.ref}", {"body": "  "})

    assert "Write a few words first." in page.text


def test_words_for_a_ticket_that_was_closed_meanwhile_are_refused_and_stay_on_the_page(
    wang: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = closed(session, cast, now)

    page = wang.post(f"/tickets/{ticket.ref}", {"body": "One more thing about July."})

    assert "This ticket is closed. Say that it is not solved yet" in page.text
    assert page.text.count("One more thing about July.") == 1


@pytest.mark.parametrize(("days", "why"), [(40, "Open a new ticket and mention its number."), (0, "still open")])
def test_words_that_cannot_open_a_ticket_again_stay_on_the_page(
    wang: Browse, session: Session, cast: Cast, days: int, why: str
) -> None:
    past = utc_now() - timedelta(days=days)
    ticket = closed(session, cast, past - 3 * HOUR) if days else opened(session, cast.wang_fang, past)

    page = wang.post(f"/tickets/{ticket.ref}/not-solved", {"again-body": "It came back in July."})

    assert why in page.text
    assert page.text.count("It came back in July.") == 1


def test_opening_again_twice_with_the_same_words_is_once(wang: Browse, session: Session, cast: Cast) -> None:
    ticket = closed(session, cast, utc_now() - 3 * HOUR)

    wang.post(f"/tickets/{ticket.ref}/not-solved", {"again-body": "It came back."})
    page = wang.post(f"/tickets/{ticket.ref}/not-solved", {"again-body": "It came back."})

    assert page.text.count("It came back.") == 1
    assert "This ticket is still open" not in page.text


def test_she_confirms_twice_and_the_ticket_is_closed_once(
    wang: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = resolved(session, cast, now)

    page = wang.get(f"/tickets/{ticket.ref}")
    assert "The fee was prorated." in page.text
    assert "Is it solved?" in page.text
    wang.post(f"/tickets/{ticket.ref}/solved")
    page = wang.post(f"/tickets/{ticket.ref}/solved")

    session.refresh(ticket)
    assert ticket.state is TicketState.CLOSED
    assert "You confirmed that it is solved." in page.text


def test_she_rates_a_closed_ticket(wang: Browse, session: Session, cast: Cast) -> None:
    ticket = closed(session, cast, utc_now() - 3 * HOUR)

    wang.post(f"/tickets/{ticket.ref}/rating", {"rate-rating": "4", "rate-comment": "Quick"})

    session.refresh(ticket)
    assert (ticket.rating, ticket.rating_comment) == (4, "Quick")
    assert "from 1 to 5" in wang.post(f"/tickets/{ticket.ref}/rating", {"rate-rating": "9"}).text


def test_not_solved_yet_needs_a_reason_and_opens_it_again(wang: Browse, session: Session, cast: Cast) -> None:
    ticket = closed(session, cast, utc_now() - 3 * HOUR)

    page = wang.post(f"/tickets/{ticket.ref}/not-solved", {"again-body": ""})
    assert "Write a few words first." in page.text
    page = wang.post(f"/tickets/{ticket.ref}/not-solved", {"again-body": "It came back."})

    session.refresh(ticket)
    assert ticket.state is TicketState.OPEN
    assert "It came back." in page.text


def test_she_copies_a_colleague_in_but_nobody_else(wang: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)

    wang.post(f"/tickets/{ticket.ref}/copy", {"copy-person": cast.sato.public_id})
    wang.post(f"/tickets/{ticket.ref}/copy", {"copy-person": ""})
    page = wang.post(f"/tickets/{ticket.ref}/copy", {"copy-person": cast.li_na.public_id})

    assert "李娜 can see this ticket now." in page.text
    assert [person.name for person in copied_on(session, ticket)] == ["李娜"]


def test_an_old_ticket_leads_to_a_new_one(wang: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = closed(session, cast, now.replace(year=2024))

    page = wang.get(f"/tickets/{ticket.ref}")
    assert "open a new ticket and mention T-1001" in page.text
    page = wang.post(f"/tickets/{ticket.ref}/not-solved", {"again-body": "It came back."})

    assert "more than 14 days ago" in page.text


@pytest.mark.parametrize("locale", ["zh-Hans", "ja"])
def test_the_pages_are_whole_in_every_language(
    browse: Browse, session: Session, cast: Cast, now: datetime, locale: str
) -> None:
    cast.wang_fang.locale = locale
    browse.sign_in(cast.wang_fang)
    ticket = resolved(session, cast, now)

    for path in ("/tickets", "/tickets/new", "/tickets/new?topic=payment_made", f"/tickets/{ticket.ref}"):
        browse.get(path)


def test_the_timeline_speaks_plainly(wang: Browse, session: Session, cast: Cast, now: datetime) -> None:
    ticket = with_21vianet(session, cast, now)

    page = wang.get(f"/tickets/{ticket.ref}")

    assert "We asked 21Vianet, which operates the service." in page.text
    assert "You need not do anything" in page.text
    steps = [step for step in page.all("li") if step.get("aria-current") == "step"]
    assert len(steps) == 1
