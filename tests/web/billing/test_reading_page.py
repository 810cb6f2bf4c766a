"""How reading Partner Center stands, as leads and administrators see it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.partner_center.errors import ClientRefused
from helpdesk.partner_center.turns import note_failed, note_read, take_turn
from tests.browse import Browse
from tests.cast import Cast

PAGE = "/work/billing/payable"
EVERY = timedelta(hours=6)
FIGURES = {
    "customers": 1204, "new_customers": 3, "subscriptions": 5310, "new_subscriptions": 12, "invoices": 24, "new": 2,
    "changed": 0, "files_found": 1, "skipped": 4, "refused": 1,
}  # fmt: skip


@pytest.fixture
def set_up(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation that has Partner Center set up."""
    on = app.config["HELPDESK"].model_copy(update={"partner_center_api": "on"})
    monkeypatch.setitem(app.config, "HELPDESK", on)


def test_an_installation_without_partner_center_says_so(browse: Browse, cast: Cast) -> None:
    assert "Partner Center is not set up here" in browse.sign_in(cast.mei).get(PAGE).text


@pytest.mark.usefixtures("set_up")
def test_before_the_first_reading_it_says_when_it_comes(browse: Browse, cast: Cast) -> None:
    assert "within a minute" in browse.sign_in(cast.mei).get(PAGE).text


@pytest.mark.usefixtures("set_up")
def test_the_page_says_what_was_read_why_the_last_try_failed_and_when_the_next_one_is(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    first = take_turn(session, worker="one", now=now)
    assert first is not None
    note_read(session, first, figures=FIGURES, every=EVERY, now=now)
    second = take_turn(session, worker="one", now=now + EVERY)
    assert second is not None
    assert "being read now" in browse.sign_in(cast.mei).get(PAGE).text
    note_failed(session, second, ClientRefused(reason="invalid_client"), every=EVERY, now=now + EVERY)
    session.commit()

    page = browse.get(PAGE).text

    assert "The tenant refuses our application for Partner Center (invalid_client)" in page
    assert "1 try failed since the last one that succeeded" in page
    assert "Customers: 1,204, 3 new" in page
    assert "left out: 4" in page
    assert "Nov 24, 2026, 4:05:00" in page
    assert "every 6 hours" in page
