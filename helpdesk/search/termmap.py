"""The term map: what a document says, in a form that is read without being decoded.

A map is an array of 32-bit numbers: how many terms and how many title terms there are; the sorted
hashes of the terms; their weighted frequencies in the same order; the hashes of the title's terms.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from zlib import crc32

from helpdesk.search.analyze import PREFIX, squash, terms

TITLE, HEADING, SUMMARY, TAG, BODY = 4, 2, 2, 2, 1
"""How much one occurrence in each field counts."""
_HEAD: Final = 2
HEADINGS_END: Final = "\n"


@dataclass(frozen=True, slots=True)
class Fields:
    """The text of a document, field by field."""

    title: str
    headings: tuple[str, ...]
    summary: str
    tags: tuple[str, ...]
    body: str


def weights(fields: Fields, locale: str) -> dict[str, int]:
    """The weighted frequency of every term: the fields are folded into one."""
    counts: Counter[str] = Counter()
    for weight, texts in (
        (TITLE, (fields.title,)),
        (HEADING, fields.headings),
        (SUMMARY, (fields.summary,)),
        (TAG, fields.tags),
        (BODY, (fields.body,)),
    ):
        for text in texts:
            for term, times in _counted(text, locale):
                counts[term] += weight * times
    return dict(counts)


@lru_cache(maxsize=256)
def _counted(text: str, locale: str) -> tuple[tuple[str, int], ...]:
    """How often each term stands in a text; prepared answers and customers' names come again and again."""
    return tuple(Counter(terms(text, locale)).items())


def length(weighted: dict[str, int]) -> int:
    """The document's length as the ranking sees it; beginnings of identifiers do not make it longer."""
    return sum(weight for term, weight in weighted.items() if not term.endswith(PREFIX))


def pack(weighted: dict[str, int], title: str, locale: str) -> bytes:
    """The term map as bytes."""
    by_hash: dict[int, int] = {}
    for term, weight in weighted.items():
        key = key_of(term)
        by_hash[key] = by_hash.get(key, 0) + weight
    keys = sorted(by_hash)
    in_title = {key_of(term) for term in terms(title, locale) if not term.endswith(PREFIX)}
    return array("I", [len(keys), len(in_title), *keys, *(by_hash[key] for key in keys), *in_title]).tobytes()


@lru_cache(maxsize=50_000)
def key_of(term: str) -> int:
    """The hash under which a term stands in the map."""
    return crc32(term.encode())


def read(packed: bytes, keys: Iterable[int]) -> tuple[list[int], set[int]]:
    """The weighted frequency of each of `keys` (0 where it is missing), and the title's hashes."""
    data = array("I")
    data.frombytes(packed)
    count, titles = data[0], data[1]
    end = _HEAD + count
    found = []
    for key in keys:
        place = bisect_left(data, key, _HEAD, end)
        found.append(data[place + count] if place < end and data[place] == key else 0)
    return found, set(data[end + count : end + count + titles])


@lru_cache(maxsize=256)
def _squash(text: str, locale: str) -> str:
    return squash(text, locale)


def squashed(fields: Fields, locale: str) -> str:
    """All text for the phrase check: title and headings, `HEADINGS_END`, the rest; fields are kept apart by a space.

    No phrase contains either of them.
    """
    heads, rest = (fields.title, *fields.headings), (fields.summary, *fields.tags, fields.body)
    return HEADINGS_END.join(" ".join(_squash(text, locale) for text in texts) for texts in (heads, rest))
