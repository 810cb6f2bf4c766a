"""Forms of a page, as a machine that means harm sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass(slots=True)
class Form:
    """Where a form goes, and what it asks for."""

    action: str
    method: str
    offered: dict[str, str] = field(default_factory=dict)
    """Values that the page itself gives: hidden fields and the first choice of a list."""
    typed: list[str] = field(default_factory=list)
    """Names of the fields in which somebody writes."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._inside = False
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = True
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").upper()))
        if not self._inside:
            return
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        if tag == "option" and self._select:
            self.forms[-1].offered.setdefault(self._select, given.get("value", ""))
        if tag in {"input", "textarea", "button"} and name:
            self._field(tag, name, given)

    def _field(self, tag: str, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind == "file":
            return
        if tag == "button" or kind in {"hidden", "radio", "checkbox", "submit"}:
            self.forms[-1].offered.setdefault(name, given.get("value", "on"))
            return
        self.forms[-1].typed.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag == "select":
            self._select = ""


def forms_of(html: str) -> list[Form]:
    """Every form of a page."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms
