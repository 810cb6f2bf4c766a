"""One case, from a worried customer to a closed ticket, through every room of the house."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from decimal import Decimal
from email import message_from_bytes, policy
from pathlib import Path

from playwright.sync_api import Page, expect

from helpdesk.demo.people import ORGANISATIONS, guid
from tests.browser.conftest import LiveHelpdesk, Visitor

Open = Callable[..., Visitor]

LANTING = ORGANISATIONS[0]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n%%EOF\n"
REQUEST_NUMBER = "SR-2026-118203"
INTERNAL_NOTE = "canary-internal: the customer must never read this"
EXPLANATION = "21Vianet 已确认：席位增加的日期登记有误，差额会作为抵扣计入下一期账单。"


def mail_with(live: LiveHelpdesk, text: str) -> str:
    """The newest delivered mail that contains `text`; the worker has a few seconds to deliver it."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        for path in reversed(live.mails()):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",))
            if body is not None and text in body.get_content():
                return str(mail["Subject"])
        time.sleep(0.3)
    raise AssertionError(f"no mail with {text!r} in {[path.name for path in live.mails()]}")


def test_the_whole_walk(live: LiveHelpdesk, visit: Open, tmp_path: Path) -> None:
    wang_fang, tom, emma = visit(locale="zh-CN"), visit(), visit()
    notice, due_before = she_is_warned_and_reads_the_notice(wang_fang)
    she_searches_and_finds_the_article(wang_fang)
    number, disputed = she_opens_a_dispute(wang_fang, tmp_path)
    the_disputed_amount_is_not_overdue(wang_fang, notice, due_before - disputed)
    he_triages_notes_and_replies(tom, number)
    he_escalates_and_records_the_answer(tom, number)
    she_reads_only_that_it_is_with_21vianet(wang_fang, number)
    he_records_the_answer(tom)
    she_reads_none_of_21vianets_words(wang_fang, number)
    he_cannot_resolve_in_silence_and_then_explains(tom, number)
    assert f"T-{number}" in mail_with(live, EXPLANATION[:12])
    the_mail_is_on_the_mail_page(tom, number)
    she_confirms_and_the_ticket_is_closed(wang_fang, number)
    the_editor_publishes_and_the_search_finds_it(emma, visit())


def money_in(text: str) -> Decimal:
    """The last amount in `text`."""
    return Decimal(re.findall(r"[\d,]+\.\d\d", text)[-1].replace(",", ""))


def she_is_warned_and_reads_the_notice(wang_fang: Visitor) -> tuple[str, Decimal]:
    page = wang_fang.sign_in("wang.fang@lanting.example")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator(".urgent")).to_be_visible()
    page.locator(".urgent a").first.click()
    expect(page).to_have_url(re.compile(r"/notices/\w+$"))
    main = page.locator("main")
    expect(main).to_contain_text("管理员")
    expect(main).to_contain_text("INV-")
    due_now = money_in(page.locator("[data-due-now]").inner_text())
    notice = page.url
    page.locator("main a[href^='/policy/']").first.click()
    expect(page.locator("main")).to_contain_text("收款政策")
    page.goto(wang_fang.url + "/policy")
    for stage in ("第一次提醒", "第二次提醒", "最终通知", "暂停"):
        expect(page.locator("main")).to_contain_text(stage)
    return notice, due_now


def she_searches_and_finds_the_article(wang_fang: Visitor) -> None:
    page = wang_fang.goto("/")
    page.fill("#home-q", "发票金额不对")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search"))
    page.locator("main a[href*='/articles/invoice-amount-looks-wrong']").first.click()
    expect(page.locator("main h1")).to_contain_text("发票金额不对")


def she_opens_a_dispute(wang_fang: Visitor, folder: Path) -> tuple[int, Decimal]:
    slip = folder / "对账单.pdf"
    slip.write_bytes(PDF)
    page = wang_fang.goto("/tickets/new")
    page.locator("main a[href*='topic=dispute']").first.click()
    page.locator("#subject").press_sequentially("发票金额不对", delay=30)
    expect(page.locator("aside a[href*='/articles/']").first).to_be_visible()
    label = page.locator("#line option", has_text="Office 365 Enterprise E3").first
    disputed = money_in(label.inner_text())
    page.select_option("#line", value=label.get_attribute("value"))
    page.fill("#body", "席位是 12 号之后才增加的，但账单从 12 号当天开始按 18 个席位计算。请核对。")
    page.set_input_files("input[type=file]", str(slip))
    page.locator("#new-ticket .actions .btn-primary").first.click()
    page.wait_for_url(re.compile(r"/tickets/T-\d+"))
    expect(page.locator("main")).to_contain_text("对账单.pdf")
    found = re.search(r"T-(\d+)", page.url)
    assert found
    return int(found.group(1)), disputed


def the_disputed_amount_is_not_overdue(wang_fang: Visitor, notice: str, left: Decimal) -> None:
    wang_fang.page.goto(notice)
    assert money_in(wang_fang.page.locator("[data-due-now]").inner_text()) == left


def he_triages_notes_and_replies(tom: Visitor, number: int) -> None:
    page = tom.sign_in("tom.becker@partner.example")
    expect(page).to_have_url(re.compile("/work/queue"))
    page.goto(f"{tom.url}/work/queue?view=new")
    page.locator(f"main a[href='/work/tickets/T-{number}']").first.click()
    page.select_option("form.triage select[name=priority]", "high")
    page.select_option("form.triage select[name=owner]", label="Tom Becker")
    page.locator("form.triage button[type=submit]").click()
    page.locator("[data-tab=note]").click()
    page.fill("#note textarea", INTERNAL_NOTE)
    page.locator("#note .actions button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text(INTERNAL_NOTE)
    page.locator("[data-tab=reply]").click()
    page.fill("#reply textarea", "您好，正在与 21Vianet 核对席位增加的日期，期间这笔金额不计入逾期。")
    page.locator("#reply .actions .btn-primary").first.click()
    expect(page.locator("main")).to_contain_text("期间这笔金额不计入逾期")


def he_escalates_and_records_the_answer(tom: Visitor, number: int) -> None:
    page = tom.goto(f"/work/tickets/T-{number}")
    page.locator(f"main a[href='/work/tickets/T-{number}/escalate']").first.click()
    page.fill("textarea[name=facts]", "Seats were added after the 12th, the charge counts from the 12th.")
    page.check("input[name=reason][value=support_tools]")
    page.fill("textarea[name=reason_text]", "Our tools do not show when the order for more seats was taken.")
    page.fill("textarea[name=tried]", "Compared the reconciliation rows with the customer's own order mail.")
    for box in page.locator("main form input[type=checkbox]").all():
        box.check()
    page.locator("main form .actions button[type=submit], main form button.btn-primary").first.click()
    page.wait_for_url(re.compile(r"/work/escalations/\w+"))
    page.locator("#packet a[href*='/packet']").first.click()
    packet = page.locator("main")
    for identifier in (LANTING.tenant_id, guid("order:lanting:e3"), guid("subscription:lanting:e3")):
        assert identifier in _everything_on(page), identifier
    expect(packet).not_to_contain_text("canary-internal")
    page.go_back()
    page.fill("input[name$=request_number]", REQUEST_NUMBER)
    page.locator("form:has(input[name$=request_number]) button[type=submit]").click()
    expect(page.locator("main")).to_contain_text(REQUEST_NUMBER)


def _everything_on(page: Page) -> str:
    """Text of the page, and what stands in its fields."""
    fields = page.locator("main textarea, main input").all()
    return page.locator("main").inner_text() + " ".join(field.input_value() for field in fields)


def she_reads_only_that_it_is_with_21vianet(wang_fang: Visitor, number: int) -> None:
    page = wang_fang.goto(f"/tickets/T-{number}")
    expect(page.locator("main")).to_contain_text("世纪互联")
    expect(page.locator("main")).not_to_contain_text(REQUEST_NUMBER)
    expect(page.locator("main")).not_to_contain_text("canary-internal")


def he_records_the_answer(tom: Visitor) -> None:
    page = tom.page
    page.locator("details:has(textarea[name$=answer]) > summary").click()
    page.locator("input[name$=outcome][value=explained]").check()
    page.fill("textarea[name$=answer]", "The order date was recorded a day early; the difference comes as an offset.")
    page.locator("form:has(textarea[name$=answer]) button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("The order date was recorded a day early")


def she_reads_none_of_21vianets_words(wang_fang: Visitor, number: int) -> None:
    page = wang_fang.goto(f"/tickets/T-{number}")
    expect(page.locator("main")).not_to_contain_text("recorded a day early")


def he_cannot_resolve_in_silence_and_then_explains(tom: Visitor, number: int) -> None:
    page = tom.goto(f"/work/tickets/T-{number}/resolve")
    page.check("input[name=decision][value=granted]")
    page.locator("main form .actions button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Tell the customer what was done")
    page.fill("textarea[name=explanation]", EXPLANATION)
    page.locator("main form .actions button[type=submit]").click()
    page.wait_for_url(re.compile(rf"/work/tickets/T-{number}$"))
    expect(page.locator("main")).to_contain_text(EXPLANATION)


def the_mail_is_on_the_mail_page(tom: Visitor, number: int) -> None:
    page = tom.goto("/work/mail")
    page.locator("main a[href^='/work/mail/']", has_text=f"T-{number}").first.click()
    expect(page.locator("main")).to_contain_text("wang.fang@lanting.example")


def she_confirms_and_the_ticket_is_closed(wang_fang: Visitor, number: int) -> None:
    page = wang_fang.goto(f"/tickets/T-{number}")
    expect(page.locator("main")).to_contain_text(EXPLANATION)
    page.locator("form[action$='/solved'] button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("已关闭")


def the_editor_publishes_and_the_search_finds_it(emma: Visitor, reader: Visitor) -> None:
    page = emma.sign_in("emma.jones@partner.example")
    expect(page).to_have_url(re.compile("/work/articles"))
    page.goto(emma.url + "/work/articles/invoice-amount-looks-wrong/en/edit")
    body = page.locator("#editor textarea[name=body]")
    body.fill(body.input_value() + "\n\n## The zebra rule\n\nA zebraquagga always has stripes on its invoice.\n")
    expect(page.locator("[data-preview]")).to_contain_text("zebraquagga")
    page.locator("button[name=action][value=publish], button[value=publish]").first.click()
    page.wait_for_load_state()
    deadline = time.monotonic() + 4
    while time.monotonic() < deadline:
        found = reader.goto("/search?q=zebraquagga").locator("main a[href*='/articles/invoice-amount-looks-wrong']")
        if found.count():
            return
        time.sleep(0.2)
    raise AssertionError("the published text was not found within four seconds")
