"""A whole file: one row in memory at a time."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import BinaryIO, Final

from helpdesk.billing.reconciliation.columns import LICENSE, REQUIRED, USAGE, USAGE_REQUIRED, named
from helpdesk.billing.reconciliation.errors import BadRow, CellsMissing, QuoteNeverCloses
from helpdesk.billing.reconciliation.license import license_row
from helpdesk.billing.reconciliation.rows import Row
from helpdesk.billing.reconciliation.text import CHUNK, encoding_of, records
from helpdesk.billing.reconciliation.usage import USAGE_CELLS, UsageReader

RowReader = Callable[[int, Sequence[str]], Row | BadRow]
Reading = tuple[int, Row | BadRow, Sequence[str]]
"""Line number, the row or what is wrong with it, and its cells as they stand."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns a kind of file has, which it must have, and which are read into a row."""

    known: Sequence[str]
    required: Sequence[str]
    read: Sequence[str]
    stored: frozenset[str]
    """Those that are stored as exactly as they are written."""


LAYOUTS: Final = {
    "license": Layout(LICENSE, REQUIRED, REQUIRED, frozenset(REQUIRED)),
    "usage": Layout(USAGE, USAGE_REQUIRED, USAGE_CELLS, frozenset(USAGE_CELLS) - {"ListPrice", "PretaxCharges"}),
}


def sha256_of(stream: BinaryIO) -> str:
    """The digest of the bytes of a stream that can be read again."""
    digest = hashlib.sha256()
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    stream.seek(0)
    return digest.hexdigest()


class ReconciliationReading:
    """A file of one kind. Raises on opening what `encoding_of` and `named` raise."""

    def __init__(self, stream: BinaryIO, *, kind: str = "license", reader: RowReader | None = None) -> None:
        """Look at the encoding and the header of a stream that can be read again."""
        layout = LAYOUTS[kind]
        self._stream = stream
        self._encoding = encoding_of(stream)
        self.header = self._header()
        self.names = named(self.header, known=layout.known, required=layout.required)
        self._reader = reader or (license_row if kind == "license" else UsageReader())
        # A column that the file does not have is read from an empty cell that stands after the last.
        self._pick = itemgetter(
            *(self.names.index(name) if name in self.names else len(self.names) for name in layout.read)
        )
        self.rest = [(place, name) for place, name in enumerate(self.names) if name and name not in layout.stored]
        """The columns that have no column of their own: their place and name."""

    def _header(self) -> Sequence[str]:
        reading = records(self._stream, encoding=self._encoding)
        try:
            _, cells = next(reading, (1, []))
        except csv.Error:
            cells = []
        finally:
            reading.close()
        return cells

    def rows(self) -> Iterator[Reading]:
        """Every row under the header.

        A quote that is never closed ends the reading with a bad row: what follows it cannot be told apart.
        """
        reading = records(self._stream, encoding=self._encoding)
        pick, read, width, line = self._pick, self._reader, len(self.names), 1
        try:
            next(reading)
            for line, cells in reading:
                if len(cells) != width:
                    yield line, BadRow(line, "", CellsMissing(count=len(cells), columns=width)), cells
                    continue
                yield line, read(line, pick([*map(str.strip, cells), ""])), cells
        except csv.Error:
            yield line + 1, BadRow(line + 1, "", QuoteNeverCloses()), []
        finally:
            reading.close()
