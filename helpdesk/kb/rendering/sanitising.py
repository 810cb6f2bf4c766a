"""Leaving nothing in the HTML that could act: nh3, with our list of what articles need."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import nh3

from helpdesk.kb.rendering.addresses import article_link, picture_path

TAGS: Final = frozenset(
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "var",
    ]
)
"""What an article may be made of; no form controls, no svg, math, style or frames."""

_ATTRIBUTES: Final = {
    "*": {"class", "id", "title", "lang"},
    "a": {"href", "aria-hidden", "tabindex"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "ol": {"start"},
    "details": {"open"},
    "div": {"role", "tabindex", "aria-label"},
    "span": {"role", "aria-label"},
    "code": {"translate"},
}
_CLASSES: Final = frozenset(
    [
        "admonition",
        "note",
        "tip",
        "info",
        "hint",
        "important",
        "warning",
        "danger",
        "caution",
        "success",
        "example",
        "question",
        "quote",
        "attention",
        "error",
        "admonition-title",
        "highlight",
        "footnote",
        "footnote-ref",
        "footnote-backref",
        "task",
        "task-done",
        "task-list",
        "task-list-item",
        "unknown-variable",
        "headerlink",
        "table-scroll",
    ]
)
_TOKEN: Final = re.compile(r"[a-z][a-z0-9]{0,2}")
_ROLES: Final = frozenset({"group", "img"})
_ID: Final = re.compile(r"[\w.:-]{1,120}")
_NUMBER: Final = re.compile(r"[0-9]{1,4}")
_COUNTED: Final = frozenset({"width", "height", "colspan", "rowspan", "start", "tabindex"})
RESERVED_IDS: Final = frozenset({"main"})
"""Ids of the pages around the text; those that begin with `kb-` are theirs too."""


def is_reserved(identifier: str) -> bool:
    """Whether the page around the text uses this id."""
    return identifier in RESERVED_IDS or identifier.startswith(("kb-", "csrf"))


def sanitise(html: str, *, locale: str, slug: str = "") -> str:
    """The HTML without anything that acts, its links to articles and pictures made real."""
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_attribute_filter(locale, slug),
        clean_content_tags={"script", "style", "title", "textarea", "template", "noscript", "iframe", "svg", "math"},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def _attribute_filter(locale: str, slug: str) -> Callable[[str, str, str], str | None]:
    seen: set[str] = set()

    def filtered(tag: str, name: str, value: str) -> str | None:
        if name in _COUNTED:
            return value if _NUMBER.fullmatch(value) or value == "-1" else None
        match name:
            case "href":
                return _href(value, locale)
            case "src":
                return picture_path(value, slug)
            case "id":
                return _identifier(value, seen)
            case "class":
                return _classes(tag, value)
        return None if name == "role" and value not in _ROLES else value

    return filtered


def _href(value: str, locale: str) -> str | None:
    link = article_link(value)
    if link is not None:
        return link.path(locale)
    return value.strip() or None


def _identifier(value: str, seen: set[str]) -> str | None:
    if value in seen or is_reserved(value) or not _ID.fullmatch(value):
        return None
    seen.add(value)
    return value


def _classes(tag: str, value: str) -> str | None:
    kept = [name for name in value.split() if name in _CLASSES or (tag == "span" and _TOKEN.fullmatch(name))]
    return " ".join(kept) or None
