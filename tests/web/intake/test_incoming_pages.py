"""Mail that came in, in the workspace."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.intake.models import BlockedSender, IncomingMail, Reason, Result
from helpdesk.intake.services import House, receive
from helpdesk.tickets.models import Ticket, TicketMessage
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.intake.conftest import letter
from tests.unit.tickets.scenes import opened


@pytest.fixture
def waiting(app: Flask, session: Session, cast: Cast, now: datetime) -> IncomingMail:
    """A stranger's mail."""
    raw = letter("Private <private@example.org>", "From home.\n\nOn Tue, Nov 24, 2026, Lanhe wrote:\n> <b>Hello</b>")
    with app.app_context():
        record = receive(session, raw, house=House.of(app.config["HELPDESK"]), now=now)
    session.flush()
    return record


def test_an_empty_quarantine_says_that_all_is_well(browse: Browse, cast: Cast) -> None:
    page = browse.sign_in(cast.tom).get("/work/incoming")

    assert "Every mail found its place by itself." in page.text


def test_a_waiting_mail_says_why_and_folds_its_history(browse: Browse, cast: Cast, waiting: IncomingMail) -> None:
    listed = browse.sign_in(cast.tom).get("/work/incoming")
    page = browse.get(f"/work/incoming/{waiting.public_id}")

    assert "Nobody with this address is known here." in listed.text
    assert "Nobody with this address is known here." in page.text
    assert "Quoted history" in page.text
    assert "<b>Hello</b>" in page.text
    for locale in ("zh-Hans", "ja"):
        cast.tom.locale = locale
        browse.get(f"/work/incoming/{waiting.public_id}")


def test_one_click_makes_a_ticket_of_it(browse: Browse, session: Session, cast: Cast, waiting: IncomingMail) -> None:
    address = f"/work/incoming/{waiting.public_id}"

    refused = browse.sign_in(cast.tom).post(f"{address}/accept", {"contact": "nobody@example.org"}, status=422)
    browse.post(f"{address}/accept", {"contact": cast.wang_fang.email})

    assert "Nobody with this address is known." in refused.text
    session.refresh(waiting)
    assert (waiting.result, waiting.reason) == (Result.CREATED, Reason.ACCEPTED_BY_HAND)


def test_one_click_adds_it_to_a_ticket(browse: Browse, session: Session, cast: Cast, waiting: IncomingMail) -> None:
    address = f"/work/incoming/{waiting.public_id}"
    browse.sign_in(cast.tom)

    assert "There is no ticket" in browse.post(f"{address}/join", {"ticket": "T-9"}, status=422).text
    browse.post(f"{address}/join", {"ticket": "nine"}, status=422)
    browse.post(f"{address}/accept", {"contact": cast.wang_fang.email})
    browse.post(f"{address}/join", {"ticket": str(session.scalars(select(Ticket.number)).one())}, status=422)


def test_a_mail_given_to_a_ticket_by_hand_says_whose_it_is(
    browse: Browse, session: Session, cast: Cast, waiting: IncomingMail
) -> None:
    address = f"/work/incoming/{waiting.public_id}"
    cast.wang_fang.locale = "zh-Hans"

    browse.sign_in(cast.tom).post(f"{address}/accept", {"contact": cast.wang_fang.email})

    message = session.scalars(select(TicketMessage)).one()
    assert message.body.startswith("来自 private@example.org 的邮件：\n\nFrom home.")


def test_a_strangers_mail_does_not_make_the_requesters_address_good_again(
    browse: Browse, session: Session, cast: Cast, waiting: IncomingMail, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    cast.wang_fang.mail_failing_since = now

    browse.sign_in(cast.tom).post(f"/work/incoming/{waiting.public_id}/join", {"ticket": ticket.ref})

    session.refresh(waiting)
    assert waiting.result is Result.JOINED
    assert not cast.wang_fang.is_reachable


def test_one_click_blocks_its_sender(browse: Browse, session: Session, cast: Cast, waiting: IncomingMail) -> None:
    browse.sign_in(cast.tom).post(f"/work/incoming/{waiting.public_id}/block")

    session.refresh(waiting)
    assert waiting.result is Result.REJECTED
    assert session.scalars(select(BlockedSender.address)).all() == ["private@example.org"]
    assert "Its sender is blocked." in browse.get("/work/incoming?show=rejected").text


def test_it_can_be_read_again(browse: Browse, cast: Cast, waiting: IncomingMail, session: Session) -> None:
    cast.li_na.email = "private@example.org"
    session.flush()

    browse.sign_in(cast.tom).post(f"/work/incoming/{waiting.public_id}/replay")

    session.refresh(waiting)
    assert waiting.result is Result.CREATED


def test_customers_and_editors_never_see_it(browse: Browse, cast: Cast, waiting: IncomingMail) -> None:
    for person in (cast.wang_fang, cast.emma):
        browse.sign_in(person)
        browse.get("/work/incoming", status=403)
        browse.get(f"/work/incoming/{waiting.public_id}", status=403)
        browse.post(f"/work/incoming/{waiting.public_id}/accept", status=403)


def test_a_blocked_sender_is_listed_and_can_be_unblocked(
    browse: Browse, session: Session, cast: Cast, waiting: IncomingMail
) -> None:
    browse.sign_in(cast.tom).post(f"/work/incoming/{waiting.public_id}/block")
    listed = browse.get("/work/incoming/blocked")

    freed = browse.post("/work/incoming/unblock", {"address": "private@example.org"})

    assert "private@example.org" in listed.text
    assert "Mail from private@example.org is taken again." in freed.text
    assert "Nobody is blocked" in freed.text
    assert session.scalars(select(BlockedSender)).all() == []


def test_unblocking_somebody_who_is_not_blocked_changes_nothing(browse: Browse, cast: Cast) -> None:
    assert (
        "Nobody is blocked" in browse.sign_in(cast.tom).post("/work/incoming/unblock", {"address": "x@y.example"}).text
    )
