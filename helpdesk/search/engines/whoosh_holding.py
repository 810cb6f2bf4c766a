"""Which documents of a segment of Whoosh hold what is demanded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from whoosh.reading import TermNotFound

from helpdesk.search.budget import POSTINGS_READ
from helpdesk.search.engines.whoosh_files import among, numbers, term_name
from helpdesk.search.ports import Demand


def holding(leaf: Any, demand: Demand, allowed: bytearray) -> set[int]:  # noqa: ANN401 - Whoosh has no types
    """Numbers of the segment's documents; of the rarest need's terms the newest `POSTINGS_READ` are looked at."""
    first, *more = [[term_name(demand.scope.kind, term) for term in need] for need in demand.rarest_first]
    found = {number for term in first for number in _newest(leaf, term, allowed)}
    for need in more:
        wanted = sorted(found)
        found = {number for term in need for number in _among(leaf, term, wanted)}
    return found


def _newest(leaf: Any, term: bytes, allowed: bytearray) -> Iterator[int]:  # noqa: ANN401
    left = POSTINGS_READ
    try:
        for block in numbers(leaf, term):
            seen = [number for number in block if allowed[number]]
            yield from seen
            left -= len(seen)
            if left <= 0:
                return
    except TermNotFound:
        return


def _among(leaf: Any, term: bytes, wanted: Sequence[int]) -> Iterator[int]:  # noqa: ANN401
    if not wanted:
        return
    try:
        yield from among(leaf, term, wanted)
    except TermNotFound:
        return
