"""Markdown to the plain text that is searched and shown in snippets; no HTML comes through."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Final

_FENCE: Final = re.compile(r"^\s*(```|~~~).*$", re.MULTILINE)
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_HIDDEN: Final = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>")
_IMAGE: Final = re.compile(r"!\[([^\]\n]*)\]\([^()\n]*\)")
_LINK: Final = re.compile(r"\[([^\]\n]*)\](?:\([^()\n]*(?:\([^()\n]*\))?[^()\n]*\)|\[[^\]\n]*\])")
_REFERENCE: Final = re.compile(r"^\s*\[[^\]\n]+\]:\s.*$", re.MULTILINE)
_ATTRIBUTES: Final = re.compile(r"\{[:#.][^{}\n]*\}")
_HEADING: Final = re.compile(r"^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_RULE: Final = re.compile(r"^\s*\|?[\s:|\-=_*]{3,}$")
_BEGINNING: Final = re.compile(r"^\s*(?:>\s?)*(?:(?:[-*+]|\d{1,3}[.)])\s+)?(?:[!?]{3}\+?\s*\w*\s*)?")
_EMPHASIS: Final = re.compile(r"(\*\*|__|~~|==|\*|`+)")
_ESCAPE: Final = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~])")
_SPACE: Final = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class PlainText:
    """Headings apart from the rest."""

    headings: tuple[str, ...]
    body: str


def from_markdown(text: str) -> PlainText:
    """The headings and the body of `text`, without markup, one line a paragraph, item or table row."""
    for unwanted in (_COMMENT, _HIDDEN, _FENCE, _REFERENCE):
        text = unwanted.sub(" ", text)
    headings, lines = [], []
    for line in text.splitlines():
        if heading := _HEADING.match(line):
            headings.append(_inline(heading[1]))
        elif not _RULE.match(line):
            lines.append(_inline(_BEGINNING.sub("", line)))
    return PlainText(tuple(filter(None, headings)), "\n".join(filter(None, lines)))


def _inline(line: str) -> str:
    line = _LINK.sub(r"\1", _IMAGE.sub(r"\1", line))
    line = _ATTRIBUTES.sub("", _TAG.sub(" ", line)).replace("|", " ")
    line = _ESCAPE.sub(r"\1", _EMPHASIS.sub("", line))
    return _SPACE.sub(" ", html.unescape(line)).strip()
