"""The words of a part: plain text as it is, HTML as a person would read it."""

from __future__ import annotations

import html
import re
from typing import Final

import nh3

from helpdesk.intake.charsets import decode
from helpdesk.intake.parts import Part

PLAIN_MAX: Final = 1024 * 1024
HTML_MAX: Final = 512 * 1024
"""Bytes of one part that are read as text."""
_BLOCKS: Final = {"p", "div", "br", "tr", "li", "blockquote", "h1", "h2", "h3", "h4", "pre", "hr", "td"}
_BREAK: Final = re.compile(r"<br>|</(?:p|div|tr|li|h[1-4]|pre)>|<hr>|<blockquote>|</blockquote>")
_TAG: Final = re.compile(r"<[^<>]{0,40}>")
_META: Final = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_-]{2,30})", re.IGNORECASE)
_DEEP: Final = 2000
_EMPTY_LINES: Final = re.compile(r"\n[ \t\u00a0\u3000]*(?:\n[ \t\u00a0\u3000]*){2,}")


def words_of(part: Part) -> str:
    """The part as text; never HTML."""
    if part.kind == "text/html":
        content = part.content()[:HTML_MAX]
        declared = _META.search(content[:4000])
        charset = part.headers.param("content-type", "charset") or (declared[1].decode() if declared else "")
        return from_html(decode(content, charset))
    return tidy(decode(part.content()[:PLAIN_MAX], part.headers.param("content-type", "charset")))


def from_html(markup: str) -> str:
    """What a reader of the HTML would see, as lines."""
    if markup.count("<") > _DEEP * 20:
        return tidy(html.unescape(re.sub(r"<[^<>]{0,400}>", "\n", markup)))
    flat = " ".join(markup.split())
    clean = nh3.clean(
        flat, tags=_BLOCKS, attributes={}, clean_content_tags={"script", "style", "title", "head"}, link_rel=None
    )
    return tidy(html.unescape(_TAG.sub("", _BREAK.sub("\n", clean))))


def tidy(text: str) -> str:
    """One kind of line end, no control characters, never three empty lines together."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    kept = "\n".join(line.rstrip() for line in lines.split("\n"))
    return _EMPTY_LINES.sub("\n\n", kept).strip()
