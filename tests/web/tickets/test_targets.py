"""The page of how soon we answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session

from tests.browse import Browse
from tests.cast import Cast

PLACE = "/work/desk/targets"
TABLE = {f"{clock}_{p}": "5" for clock in ("first", "next", "resolution") for p in ("urgent", "high", "normal", "low")}


@pytest.fixture
def mei(browse: Browse, cast: Cast) -> Browse:
    return browse.sign_in(cast.mei)


def value(page: Any, name: str) -> str:
    return str(page.all("input", name=name)[0]["value"])


def test_a_lead_chooses_hours_for_every_topic_and_for_one(mei: Browse) -> None:
    every = mei.post(f"{PLACE}/every", TABLE)
    fapiao = mei.post(f"{PLACE}/fapiao", TABLE | {"first_low": "7"})
    policy = mei.get(f"{PLACE}/policy")
    usual = mei.post(f"{PLACE}/fapiao/forget")

    assert "Saved. Promises that were made already stay as they are." in every.text
    assert [value(page, "first_low") for page in (every, fapiao, policy, usual)] == ["5", "7", "5", "5"]
    assert "has its own hours" in fapiao.text
    assert "As every topic. Save other hours to give it its own." in policy.text


@pytest.mark.parametrize("wrong", ["", "0", "901", "1.5", "soon", "１０"])
def test_hours_that_are_none_are_refused_at_their_field(mei: Browse, wrong: str) -> None:
    page = mei.post(f"{PLACE}/every", TABLE | {"next_high": wrong})

    assert "Give whole working hours from 1 to 900." in page.text
    assert value(page, "next_high") == wrong


def test_a_topic_that_is_none_does_not_exist(mei: Browse) -> None:
    mei.get(f"{PLACE}/weather", status=404)
    mei.post(f"{PLACE}/weather/forget", status=404)


def test_only_leads_and_administrators_choose(browse: Browse, cast: Cast) -> None:
    browse.sign_in(cast.tom).get(PLACE, status=403)
    assert "How soon we answer" in browse.sign_in(cast.root).get(PLACE).text


def test_what_we_promise_a_customer_follows_the_choice(mei: Browse, session: Session, cast: Cast) -> None:
    tuesday = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    with time_machine.travel(tuesday, tick=False):
        mei.sign_in(cast.mei).post(f"{PLACE}/question", TABLE | {"first_normal": "1"})
        cast.wang_fang.locale = "en"
        session.flush()
        page = mei.sign_in(cast.wang_fang).get("/tickets/new?topic=question")

    assert "we answer by Nov 24, 2026 11:00 AM at the latest." in page.text
