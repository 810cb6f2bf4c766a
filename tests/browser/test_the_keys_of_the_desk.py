"""An agent who never touches the mouse, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visitor

Open = Callable[..., Visitor]


def test_tickets_are_worked_through_by_keys_alone(visit: Open) -> None:
    tom = visit()
    page = tom.sign_in("tom.becker@partner.example")
    view = tom.url + "/work/queue?view=all&state=open&sort=age"
    page.goto(view)
    urls = page.locator("tr[data-url]").evaluate_all("rows => rows.map((row) => row.dataset.url)")

    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator("[data-place]")).to_have_text(f"1 / {len(urls)}")
    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    written = page.locator("#reply-body")
    expect(written).to_be_focused()
    expect(written).not_to_have_value("")
    page.keyboard.type("By key alone.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".conversation")).to_contain_text("By key alone.")

    page.keyboard.press("j")
    expect(page).to_have_url(re.compile(re.escape(urls[1]) + "$"))
    expect(page.locator("[data-place]")).to_have_text(f"2 / {len(urls)}")
    page.keyboard.press("k")
    expect(page).to_have_url(re.compile(re.escape(urls[0]) + "$"))
    expect(page.locator("[data-place]")).to_have_text(f"1 / {len(urls)}")
    page.keyboard.press("u")
    expect(page).to_have_url(view)
