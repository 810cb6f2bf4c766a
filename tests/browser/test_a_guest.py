"""Somebody from outside, from the invitation to the end, in a real browser."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from email import message_from_bytes, policy

from playwright.sync_api import expect

from tests.browser.conftest import LiveHelpdesk, Visitor
from tests.browser.test_pages_are_accessible import faults_of

Open = Callable[..., Visitor]
AUDITOR = "ma.lin@audit.example"


def link_in_the_mail(live: LiveHelpdesk) -> str:
    """The path of the link that the auditor was mailed; the worker has a few seconds to deliver it."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for path in reversed(live.mails()):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",))
            found = re.search(r"/guest/link/\S+", body.get_content()) if body and AUDITOR in str(mail["To"]) else None
            if found:
                return found[0]
        time.sleep(0.3)
    raise AssertionError("no mail with a link")


def test_a_guest_is_invited_reads_writes_and_is_shut_out_at_once(visit: Open, live: LiveHelpdesk) -> None:
    wang = visit()
    page = wang.sign_in("wang.fang@lanting.example")
    page.goto(wang.url + "/tickets/new?topic=question")
    page.fill("[name=subject]", "A question with our auditor")
    page.fill("[name=body]", "Please look at line 3.")
    page.click("#new-ticket .actions .btn-primary")
    page.wait_for_url("**/tickets/T-*")
    ticket = page.url
    page.locator("#copied a[href$='/guests']").click()
    assert faults_of(wang, page.url.removeprefix(wang.url)) == []
    page.fill("[name=email]", AUDITOR)
    page.select_option("select[name=locale]", "en")
    page.click("main form .btn-primary")
    expect(page.locator("#copied")).to_contain_text(AUDITOR)

    ma_lin, link = visit(width=360, dark=True), link_in_the_mail(live)
    assert faults_of(ma_lin, link) == []
    ma_lin.page.fill("[name=name]", "Ma Lin")
    ma_lin.page.click("main form .btn-primary")
    ma_lin.page.wait_for_url(re.compile(r"/guest/[0-9a-z]{16}$"))
    own = ma_lin.page.url.removeprefix(ma_lin.url)
    assert faults_of(ma_lin, own) == []
    expect(ma_lin.page.locator("main")).to_contain_text("Please look at line 3.")
    ma_lin.page.fill("[name=body]", "Line 3 is right.")
    ma_lin.page.click("#reply .btn-primary")
    expect(ma_lin.page.locator(".conversation")).to_contain_text("Line 3 is right.")

    somebody = visit()
    assert faults_of(somebody, own) == []
    expect(somebody.page.locator("h1")).to_have_text("Show that it is you")
    page.goto(ticket)
    expect(page.locator(".conversation")).to_contain_text("Line 3 is right.")
    page.locator("#copied form[action$='/end'] button").click()
    expect(page.locator("#copied")).not_to_contain_text("Ma Lin")
    answer = ma_lin.page.goto(ma_lin.url + own)
    assert answer is not None
    assert answer.status == 404
