"""The rejects file: each bad row as it stands, with where it is and why before it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import BinaryIO, Final

from helpdesk.billing.reconciliation.errors import BadRow
from helpdesk.errors import DomainError

_ACTING: Final = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS: Final = ("Line", "Column", "Reason")


class Rejects:
    """Writes bad rows to a stream as CSV that no spreadsheet takes for formulas; mend it and import it again."""

    def __init__(self, stream: BinaryIO, *, words: Callable[[DomainError], str] = str) -> None:
        """Write to `stream`, which stays open; `words` gives a reason in the reader's language."""
        self._stream, self._words = stream, words
        self.count = 0

    def begin(self, header: Sequence[str]) -> None:
        """Write the header."""
        self._write([*_COLUMNS, *header])

    def add(self, bad: BadRow, cells: Sequence[str]) -> None:
        """Write one row."""
        self.count += 1
        self._write([str(bad.line), bad.column, self._words(bad.why), *cells])

    def _write(self, cells: Sequence[str]) -> None:
        line = io.StringIO()
        csv.writer(line, lineterminator="\r\n").writerow([_tame(cell) for cell in cells])
        mark = "\ufeff" if self._stream.tell() == 0 else ""
        self._stream.write((mark + line.getvalue()).encode("utf-8", "replace"))


def _tame(cell: str) -> str:
    """A negative number stays one; anything else that a spreadsheet would run gets a mark before it."""
    if not cell.startswith(_ACTING) or cell[1:].replace(".", "").replace(",", "").isdigit():
        return cell
    return f"'{cell}"
