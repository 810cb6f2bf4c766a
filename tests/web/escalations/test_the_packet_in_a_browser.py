"""The packet in a real browser: copied field by field, and printed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy.orm import Session

from helpdesk.clock import utc_now
from helpdesk.escalations.models import Escalation
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.escalations.stage import filed, prepared

SITE = "http://localhost"


@pytest.fixture
def now() -> datetime:
    """The page asks the real clock, so this plays an hour ago."""
    return utc_now() - timedelta(hours=1)


@pytest.fixture
def case(session: Session, cast: Cast, now: datetime) -> Escalation:
    case = prepared(session, cast, now=now)
    session.commit()
    return case


@pytest.fixture
def page(chromium: Browser, browse: Browse, client: FlaskClient, cast: Cast) -> Iterator[Page]:
    """A window of Chromium, answered by the application in this test's own transaction."""
    browse.sign_in(cast.tom)

    def answer(route: Route) -> None:
        with client.get(route.request.url.removeprefix(SITE)) as answered:
            route.fulfill(status=answered.status_code, headers=dict(answered.headers), body=answered.data)

    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"], locale="en-GB")
    page = context.new_page()
    page.route("**/*", answer)
    yield page
    context.close()


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_each_field_is_copied_exactly(page: Page, case: Escalation) -> None:
    page.goto(f"{SITE}/work/escalations/{case.public_id}")

    for field in case.packet.fields:
        button = page.locator(f"[data-copy='#field-{field['charge']}-{field['key']}']")
        button.click()
        expect(button).to_contain_text("Copied")
        assert clipboard(page) == field["value"]


def test_the_packet_is_printed_without_buttons_and_menus(page: Page, case: Escalation) -> None:
    page.add_init_script("window.print = () => { window.printed = (window.printed || 0) + 1; }")
    page.goto(f"{SITE}/work/escalations/{case.public_id}/packets/1")

    page.locator("[data-print]").click()

    assert page.evaluate("window.printed") == 1
    page.emulate_media(media="print")
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator(".copy-button").first).to_be_hidden()
    expect(page.locator("#field-1-order_id")).to_be_visible()
    expect(page.locator("#field-0-description_zh")).to_contain_text("一、客户信息")
    assert page.pdf().startswith(b"%PDF")


def test_the_board_works_by_keyboard(page: Page, session: Session, cast: Cast, case: Escalation, now: datetime) -> None:
    other = filed(session, cast, now=now)
    session.commit()
    page.goto(f"{SITE}/work/escalations")

    page.keyboard.press("j")
    expect(page.locator(".board-card").first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("o")

    expect(page.locator("h1")).to_contain_text(other.ticket.ref)
    assert case.ticket.ref != other.ticket.ref
