"""A test client that looks at every page it fetches as a critical reader would."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from helpdesk.accounts.models import User

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """What the checks need of one page: elements, text, ids."""

    def __init__(self, html: str) -> None:
        """Read the page once."""
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.problems: list[str] = []
        self._open: list[str] = []
        self._text: list[str] = []
        self.feed(html)
        if self._open:
            self.problems.append(f"left open: {self._open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note where an element ends, and whether it was the one that was open."""
        if tag in _VOID:
            return
        if not self._open or self._open[-1] != tag:
            self.problems.append(f"</{tag}> closes {self._open[-1:]}")
            if tag not in self._open:
                return
            while self._open[-1] != tag:
                self._open.pop()
        self._open.pop()

    def handle_data(self, data: str) -> None:
        """Collect the text a reader sees."""
        if not self._open or self._open[-1] not in {"script", "style"}:
            self._text.append(data)

    @property
    def text(self) -> str:
        """All text, white space folded."""
        return " ".join("".join(self._text).split())

    def all(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        """Attributes of each element of that tag with those attributes."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [found for name, found in self.elements if name == tag and wanted.items() <= found.items()]


def check(page: Page, response: TestResponse) -> None:
    """Fail on what no page may have: each finding in words."""
    faults = list(page.problems)
    if len(page.all("h1")) != 1:
        faults.append(f"{len(page.all('h1'))} h1 elements")
    if len(page.all("title")) != 1:
        faults.append("no title, or several")
    if page.all("html") and not page.all("html")[0].get("lang"):
        faults.append("no language")
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    faults += [f"id {name} twice" for name in {name for name in ids if ids.count(name) > 1}]
    labelled = {attributes.get("for") for attributes in page.all("label")}
    for tag, attributes in page.elements:
        if "style" in attributes:
            faults.append(f"inline style on {tag}")
        faults += [f"inline {name} on {tag}" for name in attributes if name.startswith("on")]
        if tag == "script" and "src" not in attributes and attributes.get("type") != "application/ld+json":
            faults.append("inline script")
        if tag == "style":
            faults.append("inline style sheet")
        if tag == "img" and "alt" not in attributes:
            faults.append(f"image without alt: {attributes.get('src')}")
        named = attributes.get("aria-label") or attributes.get("aria-labelledby") or attributes.get("id") in labelled
        if tag in {"input", "select", "textarea"} and attributes.get("type") not in {"hidden", "submit"} and not named:
            faults.append(f"{tag} {attributes.get('name')} without label")
        if tag == "form" and attributes.get("method", "get").lower() == "post" and "action" not in attributes:
            faults.append("form without action")
        if attributes.get("aria-describedby"):
            faults += [f"describedby {name} is nowhere" for name in attributes["aria-describedby"].split() if name not in ids]
    if "default-src 'none'" not in response.headers.get("Content-Security-Policy", ""):
        faults.append("no strict CSP")
    if re.search(r"\bNone\b|<Undefined|\{\{|%\(\w+\)s", page.text):
        faults.append("a value that was not filled in")
    assert not faults, f"{response.request.path}: {faults}"


class Browse:
    """Fetch pages as one person or another, and check each."""

    def __init__(self, client: FlaskClient) -> None:
        """Look through `client`."""
        self.client = client

    def sign_in(self, person: User) -> Browse:
        """Be `person` from here on."""
        with self.client.session_transaction() as visit:
            visit.clear()
            visit["_user_id"] = person.get_id()
            visit["_fresh"] = True
        return self

    def sign_out(self) -> Browse:
        """Be nobody."""
        with self.client.session_transaction() as visit:
            visit.clear()
        return self

    def get(self, path: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Page:
        """Fetch a page, following redirects, and check it."""
        response = self.client.get(path, follow_redirects=True, headers=dict(headers or {}))
        return self._checked(response, status)

    def post(self, path: str, data: Mapping[str, Any] | None = None, *, status: int = 200) -> Page:
        """Send a form, follow the redirect, and check where it leads."""
        response = self.client.post(
            path, data=dict(data or {}), follow_redirects=True, content_type="multipart/form-data"
        )
        return self._checked(response, status)

    @staticmethod
    def _checked(response: TestResponse, status: int) -> Page:
        assert response.status_code == status, f"{response.request.path}: {response.status_code}"
        page = Page(response.get_data(as_text=True))
        check(page, response)
        return page
