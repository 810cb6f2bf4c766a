"""The page of our working time, and where a promise says that its year is not confirmed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.notifications.models import OutboxMessage
from helpdesk.notifications.rendering import render
from helpdesk.tickets.models import Ticket
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.tickets.scenes import opened

LATE_IN_2026 = datetime(2026, 12, 31, 9, tzinfo=UTC)
"""A Thursday, 17:00 in Beijing: sixteen working hours reach into 2027."""
NOT_CONFIRMED = "The holidays of 2027 are not confirmed yet"


@pytest.fixture
def root(browse: Browse, cast: Cast) -> Browse:
    return browse.sign_in(cast.root)


def hours(**given: str) -> dict[str, str]:
    plain = {"country": "CN", "zone": "Asia/Shanghai", "opens": "09:00", "closes": "18:00"}
    return {f"hours-{name}": value for name, value in (plain | given).items()}


def test_an_administrator_chooses_japan(root: Browse) -> None:
    page = root.post("/work/desk/calendar/hours", hours(country="JP", zone="Asia/Tokyo", opens="10:00"))

    assert "Saved. Promises that were made already stay as they are." in page.text
    assert page.all("input", name="hours-opens")[0]["value"] == "10:00"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"zone": "Nowhere"}, "There is no time zone of that name."),
        ({"opens": "18:00", "closes": "09:00"}, "We close after we open"),
        ({"opens": "early"}, "Write the hour like 9:00."),
        ({"closes": ""}, "Write the hour like 18:00."),
        ({"country": "FR"}, "Choose one of the list."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(root: Browse, wrong: dict[str, str], said: str) -> None:
    assert said in root.post("/work/desk/calendar/hours", hours(**wrong)).text


def test_a_day_of_our_own_is_kept_and_taken_away(root: Browse) -> None:
    kept = root.post(
        "/work/desk/calendar/days", {"day-day": "2026-12-24", "day-works": "off", "day-note": "stocktaking"}
    )
    gone = root.post("/work/desk/calendar/days/2026-12-24/forget")

    assert "stocktaking" in kept.text
    assert "No day differs from the public calendar." in gone.text


def test_a_day_that_is_none_is_refused(root: Browse) -> None:
    assert "Write the day like 2026-10-01." in root.post("/work/desk/calendar/days", {"day-day": "soon"}).text
    assert (
        "Choose one of the list."
        in root.post("/work/desk/calendar/days", {"day-day": "2026-10-01", "day-works": "x"}).text
    )
    root.post("/work/desk/calendar/days/2026-12-24/forget", status=404)
    root.post("/work/desk/calendar/days/someday/forget", status=404)


def test_an_administrator_confirms_a_year(browse: Browse, cast: Cast) -> None:
    with time_machine.travel(LATE_IN_2026, tick=False):
        root = browse.sign_in(cast.root)
        before = root.get("/work/desk/calendar")
        after = root.post("/work/desk/calendar/years/2027/confirm")
        back = root.post("/work/desk/calendar/years/2027/doubt")
        root.post("/work/desk/calendar/years/1999/confirm", status=404)

    assert before.text.count("not confirmed") > after.text.count("not confirmed")
    assert "confirmed by us" in after.text
    assert "2027 counts as unconfirmed again." in back.text


def test_only_administrators_see_the_calendar(browse: Browse, cast: Cast) -> None:
    browse.sign_in(cast.mei).get("/work/desk/calendar", status=403)
    browse.sign_in(cast.tom).get("/work/desk", status=403)
    assert "Working time" not in browse.sign_in(cast.mei).get("/work/desk").text
    assert "Working time" in browse.sign_in(cast.root).get("/work/desk").text


def test_every_page_with_a_promise_says_that_its_year_is_not_confirmed(
    browse: Browse, session: Session, cast: Cast
) -> None:
    cast.wang_fang.locale = "en"
    with time_machine.travel(LATE_IN_2026, tick=False):
        ticket = opened(session, cast.wang_fang, LATE_IN_2026)
        pages = [
            browse.sign_in(cast.wang_fang).get("/tickets/new?topic=question"),
            browse.get(f"/tickets/{ticket.ref}"),
            browse.sign_in(cast.tom).get(f"/work/tickets/{ticket.ref}"),
        ]
        browse.sign_in(cast.root).post("/work/desk/calendar/years/2027/confirm")
        confirmed = browse.sign_in(cast.wang_fang).get(f"/tickets/{ticket.ref}")

    assert [NOT_CONFIRMED in page.text for page in pages] == [True, True, True]
    assert NOT_CONFIRMED not in confirmed.text


def received(app: Flask, session: Session, ticket: Ticket, locale: str) -> str:
    of_it = OutboxMessage.dedupe_key.startswith(f"ticket_received:{ticket.id}:")
    message = session.scalars(sa.select(OutboxMessage).where(of_it)).one()
    message.locale = locale
    with app.test_request_context():
        return render(message, address="a@example.com").text


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "You hear from us by Jan 5, 2027 3:00 PM (GMT+08:00) at the latest."),
        ("zh-Hans", "2027年1月5日 15:00 (GMT+08:00)"),
        ("ja", "2027/01/05 15:00 (GMT+08:00)"),
    ],
)
def test_a_promise_in_a_mail_goes_to_the_minute_with_its_zone(
    app: Flask, session: Session, cast: Cast, locale: str, said: str
) -> None:
    ticket = opened(session, cast.wang_fang, LATE_IN_2026)

    text = received(app, session, ticket, locale)

    assert said in text
    assert (NOT_CONFIRMED in text) is (locale == "en")
