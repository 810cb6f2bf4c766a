"""axe finds nothing serious on the pages of the walk, in light and dark; none is wider than its window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visitor

Open = Callable[..., Visitor]

CUSTOMER = [
    "/",
    "/search?q=发票",
    "/zh-Hans/articles/",
    "/zh-Hans/articles/invoice-amount-looks-wrong",
    "/tickets",
    "/tickets/new",
    "/tickets/new?topic=dispute",
    "/invoices",
    "/subscriptions",
    "/notices",
    "/policy",
    "/account",
    "/account/security",
    "/account/second-step",
    "/account/email",
    "/notifications",
    "/notifications/choices",
    "/organisation/people",
    "/organisation/people/invite",
    "/confirm",
]
AGENT = [
    "/work/queue",
    "/work/queue?view=all",
    "/work/escalations",
    "/work/mail",
    "/work/incoming",
    "/work/macros",
    "/work/customers",
    "/work/collections",
]
EDITOR = ["/work/articles", "/work/articles/invoice-amount-looks-wrong/en/edit"]
ADMIN = [
    "/work/administration",
    "/work/administration/people",
    "/work/administration/people/invite",
    "/work/administration/roles",
    "/work/administration/trail",
    "/work/administration/privacy",
    "/work/administration/notifications",
    "/work/desk",
    "/work/desk/assignment",
    "/work/billing",
    "/work/billing/reconcile",
    "/work/collections/policy",
]
STRANGER = ["/", "/sign-in", "/search?q=zzqqxx", "/ja/articles/what-a-suspension-changes", "/nowhere"]
FOLLOWED = {
    "/invoices": "main a[href^='/invoices/INV']",
    "/notices": "main a[href^='/notices/']",
    "/work/queue?view=all": "main a[href^='/work/tickets/']",
    "/work/escalations": "main a[href^='/work/escalations/']:not([href*=quality])",
    "/work/mail": "main a[href^='/work/mail/']",
    "/work/incoming": "main a[href^='/work/incoming/']:not([href$=blocked])",
}
"""Lists whose first entry is looked at too."""


def faults_of(visitor: Visitor, path: str) -> list[str]:
    """What is wrong with the page at `path`, in words."""
    page = visitor.goto(path)
    found = Axe().run(page).response["violations"]
    faults = [
        f"{path}: {violation['id']} on {violation['nodes'][0]['target']}"
        for violation in found
        if violation["impact"] in {"serious", "critical"}
    ]
    excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*faults, f"{path}: {excess} px too wide"] if excess > 0 else faults


def look_at(visitor: Visitor, paths: list[str]) -> list[str]:
    """Faults of all pages, and of the first entry of each list among them."""
    faults = []
    for path in paths:
        faults += faults_of(visitor, path)
        if path in FOLLOWED:
            entry = visitor.page.locator(FOLLOWED[path]).first.get_attribute("href")
            assert entry, path
            faults += faults_of(visitor, entry)
    return faults


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)])
def test_the_customers_pages(visit: Open, width: int, dark: bool) -> None:  # noqa: FBT001 - a parameter
    visitor = visit(locale="zh-CN", width=width, dark=dark)
    visitor.sign_in("wang.fang@lanting.example")

    assert look_at(visitor, CUSTOMER) == []


@pytest.mark.parametrize(("width", "dark"), [(1280, True), (360, False)])
def test_the_agents_and_the_editors_pages(visit: Open, width: int, dark: bool) -> None:  # noqa: FBT001
    agent, editor = visit(width=width, dark=dark), visit(width=width, dark=dark)
    agent.sign_in("tom.becker@partner.example")
    editor.sign_in("emma.jones@partner.example")

    assert look_at(agent, AGENT) + look_at(editor, EDITOR) == []


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)])
def test_the_administrators_pages(visit: Open, width: int, dark: bool) -> None:  # noqa: FBT001
    visitor = visit(width=width, dark=dark)
    visitor.sign_in("ada.root@partner.example")

    assert look_at(visitor, ADMIN) == []


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)])
def test_the_strangers_pages(visit: Open, width: int, dark: bool) -> None:  # noqa: FBT001
    assert look_at(visit(width=width, dark=dark), STRANGER) == []
