"""What stands in an index of Whoosh, whose version is pinned.

The schema is pickled into it: names here change only with the analyzer's version.
"""

from __future__ import annotations

import io
import pickle
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from struct import Struct
from typing import Any, Final

from whoosh import columns, fields, formats

from helpdesk.search.ports import Scope

_ALLOWED_KEPT: Final = 64
_HEADER, _LENGTH = Struct("!4s"), Struct("!i")
"""What stands before a posting list, and before each of its blocks."""


class WeightedTerms(fields.FieldType):
    """A field that takes {stored term: weight}, already analysed. Pickled into the index: it must keep its name."""

    def __init__(self) -> None:
        """Postings hold a weight and nothing else."""
        super().__init__(formats.Existence(), None, scorable=False)

    def index(self, value: dict[bytes, int], **_: object) -> Iterable[tuple[bytes, int, float, bytes]]:
        """What Whoosh stores of each term: its name, frequency and weight."""
        return [(term, weight, float(weight), b"") for term, weight in sorted(value.items())]


def schema() -> fields.Schema:
    """The fields of an index."""
    return fields.Schema(
        key=fields.ID(unique=True),
        terms=WeightedTerms(),
        document=fields.COLUMN(columns.NumericColumn("q")),
        length=fields.COLUMN(columns.NumericColumn("I")),
        scope=fields.COLUMN(columns.RefBytesColumn()),
    )


def scope_name(kind: str, audience: str, category: str) -> bytes:
    """What decides whether a document is within a `Scope`, as one value."""
    return f"{kind}\x1f{audience}\x1f{category}".encode()


@dataclass(slots=True)
class Segment:
    """The columns of one segment, in memory: segments never change, only deletions are added."""

    documents: array[int]
    lengths: array[int]
    scopes: list[bytes]
    allowed: dict[Scope, bytearray] = field(default_factory=dict)

    def within(self, scope: Scope, deleted: Iterable[int]) -> bytearray:
        """For each document of the segment, 1 where it may be seen and is not deleted."""
        allowed = bytearray(self._allowed(scope))
        for number in deleted:
            allowed[number] = 0
        return allowed

    def _allowed(self, scope: Scope) -> bytearray:
        if scope not in self.allowed:
            if len(self.allowed) >= _ALLOWED_KEPT:
                self.allowed.clear()
            seen = {name: _sees(scope, name) for name in set(self.scopes)}
            self.allowed[scope] = bytearray(seen[name] for name in self.scopes)
        return self.allowed[scope]


def term_name(kind: str, term: str) -> bytes:
    """A term as it is stored: each kind of document has lists of its own, articles do not wade through tickets."""
    return f"{kind}\x1f{term}".encode()


def blocks(leaf: Any, term: bytes) -> Iterator[tuple[Sequence[int], Sequence[float]]]:  # noqa: ANN401
    """Documents and weights of a term, a hundred at once as they are stored, the newest first, deleted ones too.

    Whoosh's own reader takes them singly and in their order only. Raises its `TermNotFound`.
    """
    view, places = _places(leaf, term)
    for begin, end in places:
        yield _block(view[begin:end])


def numbers(leaf: Any, term: bytes) -> Iterator[Sequence[int]]:  # noqa: ANN401 - Whoosh has no types
    """The same without the weights."""
    return (found for found, _ in blocks(leaf, term))


def among(leaf: Any, term: bytes, wanted: Sequence[int]) -> Iterator[int]:  # noqa: ANN401 - Whoosh has no types
    """Which of the `wanted` numbers (ascending) hold a term; blocks that have none of them are not unpacked."""
    view, places = _places(leaf, term)
    ends = [pickle.loads(view[begin:end])[1] for begin, end in places]  # noqa: S301 - ours, mode 0700
    for (begin, end), last, before in zip(places, ends, [*ends[1:], -1], strict=True):
        asked = wanted[bisect_right(wanted, before) : bisect_right(wanted, last)]
        if asked:
            yield from set(asked).intersection(_block(view[begin:end])[0])


def _places(leaf: Any, term: bytes) -> tuple[memoryview, list[tuple[int, int]]]:  # noqa: ANN401
    """Where the blocks of a term begin and end, the newest first."""
    terms = leaf._terms  # noqa: SLF001
    place, _ = terms.term_info("terms", term).extent()
    view = terms._postfile._buf  # noqa: SLF001
    bounds, length = [place + _HEADER.size], 1
    while length > 0:  # that of the last block is written as a negative number
        (length,) = _LENGTH.unpack_from(view, bounds[-1])
        bounds.append(bounds[-1] + _LENGTH.size + abs(length))
    return view, [(begin + _LENGTH.size, end) for end, begin in pairwise(reversed(bounds))]


def _block(written: memoryview) -> tuple[Sequence[int], Sequence[float]]:
    block = io.BytesIO(written)
    count, _, _, compression, *_ = pickle.load(block)  # noqa: S301 - ours, mode 0700
    data = block.read()
    distances, weights, _ = pickle.loads(zlib.decompress(data) if compression else data)  # noqa: S301 - as above
    if weights is None:
        weights = 1.0
    return list(accumulate(distances)), [weights] * count if isinstance(weights, float) else weights


def _sees(scope: Scope, name: bytes) -> bool:
    kind, audience, category = name.decode().split("\x1f")
    in_category = not scope.categories or category in scope.categories
    return kind == scope.kind and audience in scope.audiences and in_category
