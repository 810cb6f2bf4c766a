"""Three texts into one: what both editors changed is kept; where they changed the same words, both are shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from helpdesk.kb.rules import Content

MINE: Final = "<<<<<<<"
MIDDLE: Final = "======="
THEIRS: Final = ">>>>>>>"
_WORD: Final = re.compile(r"[A-Za-z0-9_]+|\s+|.", re.DOTALL)
_MARKS: Final = re.compile(rf"^(?:{MINE} |{MIDDLE}$|{THEIRS} )", re.MULTILINE)
_COMPARED_AT_MOST: Final = 4_000_000

Both = Callable[[str, str, str], str | None]
"""What to write where base, mine and theirs all differ; None when nobody can tell."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The text made of both, and how many places somebody must decide."""

    text: str
    conflicts: int


@dataclass(frozen=True, slots=True)
class MergedContent:
    """The whole content made of both; `fields` names what only one of two could be kept of."""

    content: Content
    conflicts: int
    fields: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nobody has to decide anything."""
        return not self.conflicts and not self.fields


def has_marks(text: str) -> bool:
    """Whether a merge left places in the text where somebody must decide."""
    return bool(_MARKS.search(text))


def merge_text(base: str, mine: str, theirs: str, *, labels: tuple[str, str] = ("mine", "theirs")) -> Merged:
    """Merge by line, and within a line that both changed by word; nothing of either text is lost."""
    count = 0

    def decide(old: str, one: str, other: str) -> str:
        nonlocal count
        words = _by_word(old, one, other)
        if words is not None:
            return words
        count += 1
        return f"{MINE} {labels[0]}\n{_ended(one)}{MIDDLE}\n{_ended(other)}{THEIRS} {labels[1]}\n"

    text = _merge(base.splitlines(True), mine.splitlines(True), theirs.splitlines(True), decide)
    return Merged(text or "", count)


def merge_content(base: Content, mine: Content, theirs: Content, *, labels: tuple[str, str]) -> MergedContent:
    """Merge title, summary, tags and text; where title, summary or tags were changed twice, mine is kept."""
    body = merge_text(base.body, mine.body, theirs.body, labels=labels)
    twice: list[str] = []

    def pick(name: str, old: object, one: object, other: object) -> object:
        if one in (old, other):
            return other
        if other != old:
            twice.append(name)
        return one

    title = str(pick("title", base.title, mine.title, theirs.title))
    summary = str(pick("summary", base.summary, mine.summary, theirs.summary))
    gone = set(base.tags) - set(mine.tags) | set(base.tags) - set(theirs.tags)
    tags = tuple(tag for tag in dict.fromkeys((*mine.tags, *theirs.tags)) if tag not in gone)
    return MergedContent(Content(title, summary, body.text, tags), body.conflicts, tuple(twice))


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


def _by_word(base: str, mine: str, theirs: str) -> str | None:
    old, one, other = (_WORD.findall(text) for text in (base, mine, theirs))
    if len(old) * max(len(one), len(other)) > _COMPARED_AT_MOST or not old:
        return None
    return _merge(old, one, other, lambda *_texts: None)


def _merge(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str], decide: Both) -> str | None:
    """Walk through the stretches that all three share; between two of them at most one side may have changed."""
    out: list[str] = []
    at, m, t = 0, 0, 0
    for start, start_mine, start_theirs, length in [
        *_shared(base, mine, theirs),
        (len(base), len(mine), len(theirs), 0),
    ]:
        piece = _between("".join(base[at:start]), "".join(mine[m:start_mine]), "".join(theirs[t:start_theirs]), decide)
        if piece is None:
            return None
        out += [piece, *base[start : start + length]]
        at, m, t = start + length, start_mine + length, start_theirs + length
    return "".join(out)


def _between(base: str, mine: str, theirs: str, decide: Both) -> str | None:
    if mine in (base, theirs):
        return theirs
    return mine if theirs == base else decide(base, mine, theirs)


def _shared(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Stretches of the base that both others kept: starts in base, mine and theirs, and the length."""
    ones = SequenceMatcher(None, base, mine, autojunk=False).get_matching_blocks()
    others = SequenceMatcher(None, base, theirs, autojunk=False).get_matching_blocks()
    found: list[tuple[int, int, int, int]] = []
    i = j = 0
    while i < len(ones) and j < len(others):
        one, other = ones[i], others[j]
        start, end = max(one.a, other.a), min(one.a + one.size, other.a + other.size)
        if start < end:
            found.append((start, one.b + start - one.a, other.b + start - other.a, end - start))
        if one.a + one.size < other.a + other.size:
            i += 1
        else:
            j += 1
    return found
