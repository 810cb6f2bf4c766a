"""What changed between two versions of a text, clause by clause and word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

_HEADING: Final = re.compile(r"^#{1,6}\s+")
_TOKEN: Final = re.compile(r"[぀-ヿ㐀-鿿豈-﫿]|[^\W぀-鿿豈-﫿]+|\s+|.", re.DOTALL)
_SIMILAR: Final = 0.35
"""Paragraphs less alike than this are shown as removed and added, not as edited."""


class Kind(StrEnum):
    """What became of some words."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and what became of them."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One paragraph that differs, under the heading where it stands."""

    heading: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Paragraph:
    heading: str
    text: str


def changes_between(old: str, new: str) -> list[Change]:
    """Every paragraph that was edited, removed or added, in the order of the new text."""
    before, after = list(_paragraphs(old)), list(_paragraphs(new))
    matcher = SequenceMatcher(None, [part.text for part in before], [part.text for part in after], autojunk=False)
    changes: list[Change] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            changes += _block(before[i1:i2], after[j1:j2])
    return changes


def _paragraphs(text: str) -> Iterator[_Paragraph]:
    heading = ""
    for block in re.split(r"\n\s*\n", text.strip()):
        stripped = block.strip()
        if _HEADING.match(stripped):
            first, _newline, rest = stripped.partition("\n")
            heading = _HEADING.sub("", first).strip()
            yield _Paragraph(heading, heading)
            stripped = rest.strip()
        if stripped:
            yield _Paragraph(heading, stripped)


def _block(before: list[_Paragraph], after: list[_Paragraph]) -> list[Change]:
    """Pair what is alike in order; what finds no pair was removed or added."""
    changes: list[Change] = []
    for new in after:
        while before and not _alike(before[0], new) and any(_alike(old, new) for old in before):
            changes.append(_removed(before.pop(0)))
        if before and _alike(before[0], new):
            changes.append(Change(new.heading, tuple(_words(before.pop(0).text, new.text))))
        else:
            changes.append(Change(new.heading, (Piece(Kind.ADDED, new.text),)))
    return [*changes, *(_removed(old) for old in before)]


def _removed(paragraph: _Paragraph) -> Change:
    return Change(paragraph.heading, (Piece(Kind.REMOVED, paragraph.text),))


def _alike(old: _Paragraph, new: _Paragraph) -> bool:
    return SequenceMatcher(None, old.text, new.text, autojunk=False).ratio() >= _SIMILAR


def _words(old: str, new: str) -> Iterator[Piece]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece(Kind.KEPT, "".join(after[j1:j2]))
            continue
        if i2 > i1:
            yield Piece(Kind.REMOVED, "".join(before[i1:i2]))
        if j2 > j1:
            yield Piece(Kind.ADDED, "".join(after[j1:j2]))
