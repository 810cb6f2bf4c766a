"""Everything works without JavaScript, and by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visitor

Open = Callable[..., Visitor]


def test_a_ticket_is_asked_and_answered_without_scripts(visit: Open) -> None:
    grace, tom = visit(scripts=False), visit(scripts=False)
    page = grace.sign_in("grace@harbour.example")
    page.goto(grace.url + "/tickets/new")
    page.locator("main a[href*='topic=question']").first.click()
    page.fill("#subject", "Which month does the invoice cover?")
    page.fill("#body", "The period on the first page is not clear to us.")
    page.locator("#new-ticket .actions .btn-primary").first.click()
    page.wait_for_url(re.compile(r"/tickets/T-\d+"))
    ref = page.url.rsplit("/", 1)[-1]

    desk = tom.sign_in("tom.becker@partner.example")
    desk.goto(f"{tom.url}/work/tickets/{ref}?compose=reply")
    desk.fill("#reply textarea", "It covers the month that begins on the invoice date.")
    desk.locator("#reply .actions .btn-primary").first.click()

    page.goto(f"{grace.url}/tickets/{ref}")
    expect(page.locator("main")).to_contain_text("It covers the month that begins on the invoice date.")


def test_the_menus_open_without_scripts(visit: Open) -> None:
    page = visit(scripts=False, width=360).goto("/")

    page.locator(".bar-burger summary").click()

    expect(page.locator(".menu-places a").first).to_be_visible()


def test_a_search_needs_only_the_keyboard(visit: Open) -> None:
    page = visit().goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.locator("#home-q").focus()
    page.keyboard.type("refund")
    expect(page.locator("[role=listbox] [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(r"/articles/"))
