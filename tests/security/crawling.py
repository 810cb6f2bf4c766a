"""Walking through the house from its front door, by links alone."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from werkzeug.test import TestResponse

from tests.browse import Page
from tests.security.house import House

_DOORS = ("/", "/tickets", "/invoices", "/notices", "/policy", "/account", "/work/queue?view=all", "/work/articles/")
_NOT_PAGES = ("/static/", "/bootstrap/")
_ALIKE = 3
"""So many pages of one kind are looked at: ten invoices are not ten pages."""


def kind_of(path: str) -> str:
    """A path without what names one object."""
    return re.sub(r"/(T-\d+|INV-[\w-]+|\d+|[23456789a-z]{16}|(?<=articles/)[^/]+)(?=/|$|\.)", "/*", path)


def links_of(answer: TestResponse, path: str) -> Iterator[str]:
    """Addresses within the house that a page leads to."""
    if answer.mimetype != "text/html":
        return
    page = Page(answer.get_data(as_text=True))
    for tag in ("a", "link", "img"):
        for found in page.all(tag):
            target = urlsplit(urljoin(f"http://localhost{path}", found.get("href") or found.get("src") or ""))
            if target.netloc == "localhost" and not target.path.startswith(_NOT_PAGES):
                yield target.path + (f"?{target.query}" if target.query else "")


def crawl(house: House, who: str, *, most: int, alike: int = _ALIKE) -> Iterator[tuple[str, TestResponse]]:
    """Pages that `who` reaches, each with its address: at most `most`, and `alike` of one kind."""
    waiting, known, kinds = deque(_DOORS), set(_DOORS), Counter[str]()
    while waiting and most:
        path = waiting.popleft()
        kind = kind_of(urlsplit(path).path)
        if kinds[kind] >= alike:
            continue
        kinds[kind] += 1
        most -= 1
        answer = house.knock(who, "GET", path)
        yield path, answer
        location = answer.headers.get("Location")
        onward = [urlsplit(urljoin(path, location)).path] if location else links_of(answer, path)
        for link in onward:
            if link not in known:
                known.add(link)
                waiting.append(link)
