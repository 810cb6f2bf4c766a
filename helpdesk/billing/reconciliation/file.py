"""A whole file: read as often as needed, one row in memory at a time."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from helpdesk.billing.reconciliation.columns import named
from helpdesk.billing.reconciliation.errors import BadRow
from helpdesk.billing.reconciliation.rows import LicenseRow, license_row
from helpdesk.billing.reconciliation.text import CHUNK, encoding_of, records


def sha256_of(stream: BinaryIO) -> str:
    """The digest of the bytes of a stream that can be read again."""
    digest = hashlib.sha256()
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    stream.seek(0)
    return digest.hexdigest()


class LicenseFile:
    """A license-based reconciliation file. Raises on opening what `encoding_of` and `named` raise."""

    def __init__(self, stream: BinaryIO) -> None:
        """Look at the encoding and the header of a stream that can be read again."""
        self._stream = stream
        self._encoding = encoding_of(stream)
        self._names = named(self._header())

    def _header(self) -> Sequence[str]:
        reading = records(self._stream, encoding=self._encoding)
        try:
            _, cells = next(reading, (1, []))
        except csv.Error:
            cells = []
        finally:
            reading.close()
        return cells

    def rows(self) -> Iterator[tuple[int, LicenseRow | BadRow, dict[str, str]]]:
        """Line number, the row or what is wrong with it, and its cells as they stand.

        A quote that is never closed ends the reading with a bad row: what follows it cannot be told apart.
        """
        reading = records(self._stream, encoding=self._encoding)
        line = 1
        try:
            next(reading)
            for line, cells in reading:
                yield line, license_row(line, cells, self._names), self._raw(cells)
        except csv.Error as error:
            yield line + 1, BadRow(line + 1, "", f"the rest of the file cannot be told into cells ({error})"), {}
        finally:
            reading.close()

    def _raw(self, cells: Sequence[str]) -> dict[str, str]:
        return {name: cell.strip() for name, cell in zip(self._names, cells, strict=False) if name is not None}
