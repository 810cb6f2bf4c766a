"""A test client that looks at every page it fetches as a critical reader would."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from helpdesk.accounts.models import User
from helpdesk.accounts.sessions.browser import TOKEN
from helpdesk.accounts.sessions.services import begin_session
from helpdesk.clock import utc_now
from helpdesk.extensions import db
from helpdesk.limits import FRESH_SIGN_IN

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
        self._said: list[str] = []
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
        if not {"script", "style", "textarea", "pre", "code"} & set(self._open):
            self._said.append(data)

    @property
    def text(self) -> str:
        """All text, white space folded."""
        return " ".join("".join(self._text).split())

    @property
    def ids(self) -> list[str]:
        """Every id of the page."""
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    @property
    def said(self) -> str:
        """The text without sources and what stands in fields: what the page itself says."""
        return " ".join("".join(self._said).split())

    def all(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        """Attributes of each element of that tag with those attributes."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [found for name, found in self.elements if name == tag and wanted.items() <= found.items()]


def check(page: Page, response: TestResponse) -> None:
    """Fail on what no page may have: each finding in words."""
    faults = [*page.problems, *_frame_faults(page), *_script_faults(page), *_form_faults(page)]
    if "default-src 'none'" not in response.headers.get("Content-Security-Policy", ""):
        faults.append("no strict CSP")
    if re.search(r"\bNone\b|<Undefined|\{\{|%\(\w+\)s", page.said):
        faults.append("a value that was not filled in")
    assert not faults, f"{response.request.path}: {faults}"


def _frame_faults(page: Page) -> Iterator[str]:
    if len(page.all("h1")) != 1:
        yield f"{len(page.all('h1'))} h1 elements"
    if len(page.all("title")) != 1 or not page.all("html")[0].get("lang"):
        yield "no title, or no language"
    ids = page.ids
    yield from (f"id {name} twice" for name in set(ids) if ids.count(name) > 1)
    yield from (f"image without alt: {image.get('src')}" for image in page.all("img") if "alt" not in image)


def _script_faults(page: Page) -> Iterator[str]:
    for tag, attributes in page.elements:
        if "style" in attributes or tag == "style":
            yield f"inline style on {tag}"
        yield from (f"inline {name} on {tag}" for name in attributes if name.startswith("on"))
        if tag == "script" and "src" not in attributes and attributes.get("type") != "application/ld+json":
            yield "inline script"


def _form_faults(page: Page) -> Iterator[str]:
    labelled = {attributes.get("for") for attributes in page.all("label")}
    for tag, attributes in page.elements:
        named = attributes.get("aria-label") or attributes.get("aria-labelledby") or attributes.get("id") in labelled
        if tag in {"input", "select", "textarea"} and attributes.get("type") not in {"hidden", "submit"} and not named:
            yield f"{tag} {attributes.get('name')} without label"
        if tag == "form" and attributes.get("method", "get").lower() == "post" and "action" not in attributes:
            yield "form without action"
        described = attributes.get("aria-describedby", "").split()
        yield from (f"described by {name}, which is nowhere" for name in described if name not in page.ids)


class Browse:
    """Fetch pages as one person or another, and check each."""

    def __init__(self, client: FlaskClient) -> None:
        """Look through `client`."""
        self.client = client

    def sign_in(self, person: User, *, fresh: bool = True, two_step: bool = False) -> Browse:
        """Be `person` from here on, signed in just now or (not `fresh`) a while ago, with a second step or without."""
        at = utc_now() if fresh else utc_now() - FRESH_SIGN_IN
        with self.client.application.app_context(), db.sessionmaker.begin() as session:
            row, token = begin_session(session, person, device="Firefox on Linux", address="127.0.0.1", now=utc_now())
            row.confirmed_at, row.is_two_step = at, two_step
        with self.client.session_transaction() as visit:
            visit.clear()
            visit["_user_id"] = person.get_id()
            visit[TOKEN] = token
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
