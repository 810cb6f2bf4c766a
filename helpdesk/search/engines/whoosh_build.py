"""Building a Whoosh index from the start: postings are gathered by term, where Whoosh would sort them one by one."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from whoosh import index
from whoosh.codec.whoosh3 import W3Codec
from whoosh.writing import SegmentWriter

from helpdesk.search.engines.whoosh_files import schema, scope_name, term_name
from helpdesk.search.ports import Entry
from helpdesk.search.termmap import length

_POSTINGS_MAX: Final = 12_000_000
"""Each takes eight bytes of memory until its segment is written."""


def codec() -> W3Codec:
    """Whoosh's own format, without asking the disk at every posting for field lengths that we never store."""
    stock = W3Codec()
    stock.length_stats = False
    return stock


def row_of(entry: Entry) -> dict[str, Any]:
    """An entry as Whoosh's fields."""
    return {
        "key": str(entry.document_id),
        "terms": {term_name(entry.kind, term): weight for term, weight in entry.weights.items()},
        "document": entry.document_id,
        "length": length(entry.weights),
        "scope": scope_name(entry.kind, entry.audience, entry.category),
    }


def build(folder: Path, entries: Iterable[Entry], *, at_once: int = _POSTINGS_MAX) -> None:
    """Write an index of `entries` into an empty folder; a segment ends when it holds more than `at_once` postings."""
    ix = index.create_in(str(folder), schema())
    writer = _Writer(ix)
    for entry in entries:
        if writer.size > at_once:
            writer.commit(merge=False)
            writer = _Writer(ix)
        writer.add_entry(entry)
    writer.commit(merge=False)


class _Writer(SegmentWriter):
    """Whoosh's writer of one segment, fed with whole posting lists."""

    def __init__(self, ix: Any) -> None:  # noqa: ANN401 - Whoosh has no types
        """Nothing is gathered yet."""
        super().__init__(ix, codec=codec())
        self.size = 0
        self._keys: dict[bytes, int] = {}
        self._numbers: defaultdict[bytes, array[int]] = defaultdict(lambda: array("I"))
        self._weights: defaultdict[bytes, array[float]] = defaultdict(lambda: array("f"))

    def add_entry(self, entry: Entry) -> None:
        """Take in one document."""
        number, row = self.docnum, row_of(entry)
        self.perdocwriter.start_doc(number)
        for name in ("document", "length", "scope"):
            self.perdocwriter.add_column_value(name, self.schema[name].column_type, row[name])
        self.perdocwriter.finish_doc()
        self._keys[row["key"].encode()] = number
        for term, weight in entry.weights.items():
            encoded = term_name(entry.kind, term)
            self._numbers[encoded].append(number)
            self._weights[encoded].append(weight)
        self.size += len(entry.weights)
        self._added = True
        self.docnum += 1

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        out = self.fieldwriter
        out.start_field("key", self.schema["key"])
        for key in sorted(self._keys):
            self._put(key, (self._keys[key],), (1.0,))
        out.finish_field()
        out.start_field("terms", self.schema["terms"])
        for term in sorted(self._numbers):
            self._put(term, self._numbers[term], self._weights[term])
        out.finish_field()
        out.close()

    def _put(self, term: bytes, numbers: Iterable[int], weights: Iterable[float]) -> None:
        out = self.fieldwriter
        out.start_term(term)
        for number, weight in zip(numbers, weights, strict=True):
            out.add(number, weight, b"", 0)
        out.finish_term()
