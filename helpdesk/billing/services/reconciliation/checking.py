"""The first reading: every row is checked, the good ones are set aside in the form in which they are stored."""

from __future__ import annotations

import json
import marshal
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from helpdesk.billing.reconciliation.errors import BadRow, CurrenciesInFile, KindUnknown, NoRows, RowsRefused
from helpdesk.billing.reconciliation.file import ReconciliationReading, sha256_of
from helpdesk.billing.reconciliation.license import license_row
from helpdesk.billing.reconciliation.occurrences import Occurrences
from helpdesk.billing.reconciliation.rejects import Rejects
from helpdesk.billing.reconciliation.usage import Owners, UsageReader
from helpdesk.billing.services.reconciliation.report import BATCH, KINDS, REPORTED, ImportOptions, ImportReport

Prepared = tuple[Any, ...]
"""line_number, row_key, identity, the values of `COLUMNS`, raw: as the database takes them."""
_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_EVERY: Final = 5000


@dataclass(slots=True)
class Checked:
    """A file that can be stored: its report, and its good rows on disk."""

    kind: str
    report: ImportReport
    spool: BinaryIO
    occurrences: Occurrences = field(default_factory=Occurrences)
    currencies: set[str] = field(default_factory=set)
    first_day: str = "9999-12-31"
    last_day: str = "0001-01-01"

    def batches(self) -> Iterator[list[Prepared]]:
        """The good rows in the order of the file."""
        self.spool.seek(0)
        self.occurrences.rewind()
        number = self.occurrences.number
        while batch := marshal.load(self.spool):  # noqa: S302 - our own temporary file, never a foreign one
            yield [
                (line, f"{content.hex()}-{number(content)}", identity, *values, raw)
                for line, content, identity, values, raw in batch
            ]


@contextmanager
def checked_file(
    stream: BinaryIO,
    *,
    name: str,
    options: ImportOptions,
    owners: Owners | None = None,
    rejects: Rejects | None = None,
) -> Iterator[Checked]:
    """Read every row once; touches no database. `owners` is for usage files, `rejects` takes the bad rows.

    Raises `RowsRefused` when a row is bad and `skip_bad` is not set, and for the whole file `FileEmpty`, `NotText`,
    `LineTooLong`, `TooManyColumns`, `ColumnTwice`, `ColumnsMissing`, `NoRows`, `CurrenciesInFile`, `KindUnknown`.
    """
    if options.kind not in KINDS:
        raise KindUnknown(kind=options.kind)
    with _seekable(stream) as source, tempfile.TemporaryFile() as spool:
        reader = license_row if options.kind == "license" else UsageReader(owners or Owners())
        checked = Checked(options.kind, ImportReport(name=name[:200], sha256=sha256_of(source)), spool)
        _read(ReconciliationReading(source, kind=options.kind, reader=reader), checked, options, rejects)
        _refuse(checked, options)
        checked.occurrences.settle()
        yield checked


@contextmanager
def _seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The stream itself when it can go back, else a copy on disk."""
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(stream, copy)
        yield copy


def _read(reading: ReconciliationReading, checked: Checked, options: ImportOptions, rejects: Rejects | None) -> None:
    report, meet, batch = checked.report, checked.occurrences.meet, []
    rest, currencies, days = reading.rest, checked.currencies, set[str]()
    if rejects is not None:
        rejects.begin(reading.header)
    for line, row, cells in reading.rows():
        report.rows += 1
        if report.rows % _EVERY == 0:
            options.progress("checking", report.rows)
        if isinstance(row, BadRow):
            _note_bad(report, row, cells, rejects)
            continue
        content = row.content_key
        meet(content)
        currencies.add(row.currency)
        days.add(row.charge_start)
        days.add(row.charge_end)
        raw = _encode({name: cells[place].strip() for place, name in rest if cells[place]})
        batch.append((line, content, row.identity, tuple(row), raw))
        if len(batch) == BATCH:
            marshal.dump(batch, checked.spool)
            batch = []
    if batch:
        marshal.dump(batch, checked.spool)
    marshal.dump([], checked.spool)
    if days:
        checked.first_day, checked.last_day = min(days), max(days)


def _note_bad(report: ImportReport, row: BadRow, cells: Sequence[str], rejects: Rejects | None) -> None:
    report.bad_count += 1
    if len(report.bad) < REPORTED:
        report.bad.append(row)
    if rejects is not None:
        rejects.add(row, cells)


def _refuse(checked: Checked, options: ImportOptions) -> None:
    report = checked.report
    if not report.rows:
        raise NoRows
    if report.bad and not options.skip_bad:
        raise RowsRefused(report.bad, count=report.bad_count, rows=report.rows)
    if len(checked.currencies) > 1:
        raise CurrenciesInFile(currencies=", ".join(sorted(checked.currencies)))
