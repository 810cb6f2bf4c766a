"""The second step in a real browser: scanning is shown, setting up and signing in work, without scripts too."""

from __future__ import annotations

import time
from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import expect

from helpdesk.demo.people import PASSWORD
from tests.browser.conftest import Visitor
from tests.browser.test_pages_are_accessible import faults_of

Open = Callable[..., Visitor]
EMAILS = {True: "amelia@greenvalley.example", False: "jonas@nordwind.example"}


def next_code(secret: str, used: str) -> str:
    """The next code that the app shows; each works once."""
    app = pyotp.TOTP(secret)
    for ahead in (0, 30):
        if (code := app.at(int(time.time()) + ahead)) != used:
            return code
    raise AssertionError


@pytest.mark.parametrize("scripts", [True, False])
def test_setting_up_and_signing_in(visit: Open, scripts: bool) -> None:  # noqa: FBT001 - a parameter
    visitor = visit(width=360, scripts=scripts)
    page = visitor.sign_in(EMAILS[scripts])
    visitor.goto("/account/security")
    page.locator("main a[href='/account/second-step']").click()
    page.locator("main form button").click()

    expect(page.locator("main img[src^='data:image/svg+xml']")).to_be_visible()
    drawn = page.locator("main img").evaluate("picture => picture.naturalWidth") if scripts else 1
    assert drawn > 0
    secret = page.locator(".secret code").inner_text().replace(" ", "")
    first = next_code(secret, "")
    page.fill("input[name=code]", first)
    page.locator("main form button").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    with page.expect_download() as downloaded:
        page.locator("main form[action$='codes.txt'] button").click()
    assert downloaded.value.suggested_filename == "recovery-codes.txt"

    again = visit(width=360, scripts=scripts)
    again.goto("/sign-in")
    again.page.fill("input[name=email]", EMAILS[scripts])
    again.page.fill("input[name=password]", PASSWORD)
    again.page.click("main button[type=submit]")
    expect(again.page).to_have_url(f"{again.url}/sign-in/code")
    if scripts:
        assert faults_of(again, "/sign-in/code") == []
    again.page.fill("input[name=code]", next_code(secret, first))
    again.page.locator("main form button").first.click()
    expect(again.page).to_have_url(f"{again.url}/")
