"""Did you mean: symmetric deletes over the words of the articles that the reader may see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations
from typing import Final
from zlib import crc32

import sqlalchemy as sa
from rapidfuzz.distance import OSA
from sqlalchemy.orm import Session

from helpdesk.search.analyze import is_checkable, stem_of
from helpdesk.search.models import Word, WordDelete

_PREFIX: Final = 7
_DISTANCE: Final = 2
_TWO_FROM: Final = 5
"""Words from this length may differ in two places, shorter ones in one."""
_WORD: Final = re.compile(r"(?<![\w.@\-/])[A-Za-z]{4,30}(?![\w@]|[.\-/]\w)", re.ASCII)
_CHECKED_MAX: Final = 6


def delete_keys(word: str) -> set[int]:
    """Hashes of the beginning of `word` with up to two letters left out."""
    beginning = word[:_PREFIX]
    least = max(1, len(beginning) - _DISTANCE)
    shorter = (
        "".join(letters) for size in range(least, len(beginning) + 1) for letters in combinations(beginning, size)
    )
    return {crc32(letters.encode()) for letters in shorter}


def nearest(word: str, candidates: Iterable[tuple[str, int]]) -> str | None:
    """The word that was probably meant: the fewest changes, the same first letter, the most frequent."""
    allowed = _DISTANCE if len(word) >= _TWO_FROM else 1
    rated = []
    for candidate, documents in candidates:
        distance = OSA.distance(word, candidate, score_cutoff=allowed)
        if distance <= allowed:
            rated.append((distance, candidate[0] != word[0], -documents, candidate))
    return min(rated)[3] if rated else None


def corrected(session: Session, text: str, *, locale: str, audiences: frozenset[str]) -> str | None:
    """`text` with its unknown words replaced by known ones, or nothing if there is nothing to correct."""
    asked = {match[0].lower() for match in _WORD.finditer(text)}
    checked = sorted(word for word in asked if is_checkable(word))[:_CHECKED_MAX]
    if not checked:
        return None
    unknown = set(checked) - _known(session, checked, locale, audiences)
    better = {word: found for word in unknown if (found := _meant(session, word, locale, audiences))}
    if not better:
        return None
    return _WORD.sub(lambda match: better.get(match[0].lower(), match[0]), text)


def _known(session: Session, words: list[str], locale: str, audiences: frozenset[str]) -> set[str]:
    stems = {word: stem_of(word) for word in words}
    found = set(
        session.scalars(
            sa.select(Word.stem).where(
                Word.locale == locale, Word.stem.in_(sorted({*stems.values()})), Word.audience.in_(sorted(audiences))
            )
        )
    )
    return {word for word, stem in stems.items() if stem in found}


def _meant(session: Session, word: str, locale: str, audiences: frozenset[str]) -> str | None:
    near = sa.select(WordDelete.word).where(WordDelete.locale == locale, WordDelete.key.in_(sorted(delete_keys(word))))
    rows = session.execute(
        sa.select(Word.word, sa.func.sum(Word.documents))
        .where(Word.locale == locale, Word.audience.in_(sorted(audiences)), Word.word.in_(near))
        .group_by(Word.word)
    )
    return nearest(word, ((found, int(documents)) for found, documents in rows))
