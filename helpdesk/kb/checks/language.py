"""Parts that were not translated, and sentences that are hard to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from helpdesk.kb.checks.findings import Finding, Problem

WORDS_MAX: Final = 40
CHARACTERS_MAX: Final = 120
_SAME_FROM: Final = 40
"""Letters from which an equal line is one that was forgotten, not a name."""

_LATIN: Final = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[ ,]+[A-Za-z][A-Za-z'’-]*){7,}")
_NOT_PROSE: Final = re.compile(r"`[^`]*`|\]\([^)]*\)|<[^>]*>|https?://\S+|\{\{[^}]*\}\}")
_LATIN_END: Final = re.compile(r"(?<=[.!?:;])\s+")
_CJK_END: Final = re.compile(r"[。！？；：]")


def _prose(body: str) -> Iterator[tuple[int, str]]:
    """Lines that are running text, with their numbers."""
    in_code = False
    for number, line in enumerate(body.split("\n"), start=1):
        if line.lstrip().startswith(("```", "~~~")):
            in_code = not in_code
            continue
        if not in_code and line.strip() and not line.startswith(("    ", "|", "[^")):
            yield number, _NOT_PROSE.sub(" ", line)


def foreign_parts(body: str, *, locale: str, source: str | None) -> Iterator[Finding]:
    """Lines of a translation that still are in the source's language."""
    if source is None and locale == "en":
        return
    theirs = {line.strip() for line in (source or "").split("\n") if sum(map(str.isalpha, line)) >= _SAME_FROM}
    for number, line in _prose(body):
        if line.strip() in theirs or (locale != "en" and _LATIN.search(line)):
            yield Finding(Problem.FOREIGN, number, {"words": line.strip()[:60]})


def long_sentences(body: str, *, locale: str) -> Iterator[Finding]:
    """Sentences that readers lose the thread of."""
    for number, line in _prose(body):
        if locale == "en":
            longest = max(len(one.split()) for one in _LATIN_END.split(line))
            if longest > WORDS_MAX:
                yield Finding(Problem.LONG_SENTENCE, number, {"count": longest, "limit": WORDS_MAX})
        else:
            longest = max(len(one.replace(" ", "")) for one in _CJK_END.split(line))
            if longest > CHARACTERS_MAX:
                yield Finding(Problem.LONG_SENTENCE, number, {"count": longest, "limit": CHARACTERS_MAX})
