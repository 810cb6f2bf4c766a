"""As everyone, follow the links and send every form full of hostile words: nothing breaks, nothing comes back alive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import pytest
from werkzeug.test import TestResponse

from tests.security.canaries import FOREIGN, HOUSE
from tests.security.crawling import crawl, kind_of
from tests.security.forms_found import Form, forms_of
from tests.security.house import ANONYMOUS, DOOR, House

MARKUP: Final = "\"'><script>x7q()</script><img src=x7q onerror=x7q()> {{7*7}} ' OR 1=1 --\r\nBcc: x7q@evil.example"
NOISE: Final = "\u202e\0" + "漢" * 3000 + "-1e999"
NUMBER: Final = "-99999999999999999999999"
ALIVE: Final = ("<script>x7q", "<img src=x7q")
PAGES: Final = 250
"""So many pages are looked at, one of a kind: more than there are for most."""
FORMS: Final = {
    "anonymous": 3, "other": 15, "member": 12, "contact": 25, "agent": 38, "lead": 85, "editor": 30, "admin": 95
}  # fmt: skip
"""At least so many different forms are found and sent as each."""


def fillings(form: Form) -> Iterator[dict[str, str]]:
    """What is sent: hostile words in the fields, then in what the page offers too."""
    typed = dict.fromkeys(form.typed, MARKUP)
    if form.typed:
        yield {**form.offered, **typed}
        yield {**form.offered, **dict.fromkeys(form.typed, NOISE)}
    yield dict.fromkeys([*form.offered, *form.typed], NUMBER)
    yield {**dict.fromkeys(form.offered, MARKUP), **typed}


def attempts(path: str, answer: TestResponse) -> Iterator[tuple[str, str, Form]]:
    """The forms of a page with their kind, method and address."""
    if answer.mimetype != "text/html":
        return
    for form in forms_of(answer.get_data(as_text=True)):
        target = urlsplit(urljoin(f"http://localhost{path}", form.action or path))
        yield f"{form.method} {kind_of(target.path)}", target.path, form


def complaint(house: House, who: str, method: str, path: str, **sent: Any) -> str:
    """What is wrong with the answer, or nothing."""
    try:
        answer = house.knock(who, method, path, follow_redirects=True, **sent)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        return f"{method} {path}: {type(error).__name__}: {str(error)[:160]}"
    if answer.status_code >= 500:
        return f"{method} {path}: {answer.status_code}"
    told = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
    alive = [word for word in ALIVE if word in told] + [name for name, _ in answer.headers if name == "Bcc"]
    is_customer = who in {ANONYMOUS, "member", "contact"}
    foreign = [word for word in (HOUSE, FOREIGN) if is_customer and word in told]
    return f"{method} {path}: {alive + foreign}" if alive or foreign else ""


@pytest.mark.parametrize("who", DOOR)
def test_hostile_words_break_nothing_and_come_back_dead(house: House, who: str) -> None:
    tried: set[str] = set()
    found: list[str] = []
    for path, page in crawl(house, who, most=PAGES, alike=1):
        if page.status_code >= 500:
            found.append(f"GET {path}: {page.status_code}")
        for kind, target, form in attempts(path, page):
            if kind in tried:
                continue
            tried.add(kind)
            for values in fillings(form):
                sent = {"query_string": values} if form.method == "GET" else {"data": values}
                found.append(complaint(house, who, form.method, target, **sent))

    assert len([kind for kind in tried if kind.startswith("POST")]) >= FORMS[who]
    assert not (wrong := [each for each in found if each]), "\n".join(wrong)


@pytest.mark.parametrize("who", DOOR)
def test_hostile_addresses_are_pages_that_do_not_exist(house: House, who: str) -> None:
    hostile = [
        "/tickets/T-0'--", "/tickets/T-999999999999999999999", "/tickets?before=%00&state=%3Cscript%3Ex7q",
        "/invoices?before=x7q&sort=password_hash", "/work/queue?sort=password_hash&view=%3Cscript%3Ex7q&days=1e9",
        "/work/queue?owner=99999999999999999999&disputed=-1", "/work/mail?before=99999999999999999999&state=x7q",
        "/work/customers?q=%25%25%25_%5C&order_by=tenant_id", "/search?q=%22%3E%3Cscript%3Ex7q%3C/script%3E",
        "/suggest?q=*:*%20[a%20TO%20z]", "/policy/999999999", "/en/articles/..%2f..%2fetc%2fpasswd",
        "/articles/x/images/..%2f..%2fapp.py", "/unsubscribe/%3Cscript%3Ex7q", "/sign-in?next=//evil.example",
        "/attachments/%00", "/notices/%F0%9F%92%A9", "/work/administration/trail?since=9999-12-31&until=0001-01-01",
        "/work/administration/trail?before=999999999999999999", "/work/collections?stage=%3Cscript%3Ex7q",
    ]  # fmt: skip

    assert [said for path in hostile if (said := complaint(house, who, "GET", path))] == []
