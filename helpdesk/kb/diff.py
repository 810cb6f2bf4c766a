"""What changed between two texts, by line and then by word; right for scripts without spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

_WORD: Final = re.compile(r"[A-Za-z0-9_]+|\s+|.", re.DOTALL)
_COMPARED_AT_MOST: Final = 4_000_000
"""Pairs of words; larger changes are shown as one text replaced by another."""

CONTEXT: Final = 2


class Change(StrEnum):
    """What happened to a piece."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words with one fate."""

    text: str
    change: Change = Change.SAME


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a difference; `is_gap` stands for equal lines that are left out."""

    pieces: tuple[Piece, ...] = ()
    is_gap: bool = False

    @property
    def before(self) -> tuple[Piece, ...]:
        """What stood there."""
        return tuple(piece for piece in self.pieces if piece.change is not Change.ADDED)

    @property
    def after(self) -> tuple[Piece, ...]:
        """What stands there now."""
        return tuple(piece for piece in self.pieces if piece.change is not Change.REMOVED)

    @property
    def is_changed(self) -> bool:
        """Whether anything happened in it."""
        return any(piece.change is not Change.SAME for piece in self.pieces)


def changes(before: str, after: str) -> list[Line]:
    """The lines of both texts with what was removed and added, long equal stretches left out."""
    return _shortened(list(_lines(before.splitlines(), after.splitlines())))


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Line((Piece(text),)) for text in old[a1:a2])
            continue
        pairs = min(a2 - a1, b2 - b1)
        for offset in range(pairs):
            yield Line(tuple(_pieces(old[a1 + offset], new[b1 + offset])))
        yield from (Line((Piece(text, Change.REMOVED),)) for text in old[a1 + pairs : a2])
        yield from (Line((Piece(text, Change.ADDED),)) for text in new[b1 + pairs : b2])


def _pieces(old: str, new: str) -> Iterator[Piece]:
    words, others = _WORD.findall(old), _WORD.findall(new)
    if len(words) * len(others) > _COMPARED_AT_MOST:
        yield from (Piece(old, Change.REMOVED), Piece(new, Change.ADDED))
        return
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("".join(words[a1:a2]))
            continue
        if a2 > a1:
            yield Piece("".join(words[a1:a2]), Change.REMOVED)
        if b2 > b1:
            yield Piece("".join(others[b1:b2]), Change.ADDED)


def _shortened(lines: list[Line]) -> list[Line]:
    """Keep the neighbours of changed lines only."""
    near = {
        index + shift for index, line in enumerate(lines) if line.is_changed for shift in range(-CONTEXT, CONTEXT + 1)
    }
    kept: list[Line] = []
    for index, line in enumerate(lines):
        if index in near:
            kept.append(line)
        elif kept and not kept[-1].is_gap:
            kept.append(Line(is_gap=True))
    return kept[:-1] if kept and kept[-1].is_gap else kept
