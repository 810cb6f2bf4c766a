"""Taking a reconciliation file in: all of it or nothing, and never twice."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.billing.models import ReconciliationFile, ReconciliationRow
from helpdesk.billing.reconciliation.errors import BadRow, CurrenciesInFile, KindUnknown, NoRows, RowsRefused
from helpdesk.billing.reconciliation.file import LicenseFile, sha256_of
from helpdesk.billing.reconciliation.occurrences import Occurrences
from helpdesk.billing.reconciliation.rows import COLUMNS

BATCH: Final = 1000
REPORTED: Final = 1000
"""So many bad rows are reported one by one; the others are counted."""
KINDS: Final = ("license",)

Progress = Callable[[str, int], None]
"""Told the step (`checking`, `importing`) and how many rows it has done."""


@dataclass(slots=True)
class ImportReport:
    """What became of a file."""

    name: str
    sha256: str
    rows: int = 0
    added: int = 0
    known: int = 0
    """Rows that were there already, from this or an earlier file."""
    bad_count: int = 0
    bad: list[BadRow] = field(default_factory=list)
    is_known: bool = False
    """The very same file was imported before, so nothing was done."""
    file: ReconciliationFile | None = None


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to treat a file: only look, or take the good rows of a bad file."""

    kind: str = "license"
    dry_run: bool = False
    skip_bad: bool = False
    progress: Progress = lambda _step, _count: None


def import_reconciliation(
    session: Session,
    stream: BinaryIO,
    *,
    name: str,
    now: datetime,
    by: User | None = None,
    options: ImportOptions | None = None,
) -> ImportReport:
    """Import a file of 21Vianet's charges; the same file, or the same row, twice changes nothing.

    The file is read twice: once to check every row, once to store them in batches, so the memory it needs does
    not grow with the file. Raises `RowsRefused` when a row is bad and `skip_bad` is not set, and for the whole file
    `FileEmpty`, `NotText`, `LineTooLong`, `TooManyColumns`, `ColumnTwice`, `ColumnsMissing`, `NoRows`,
    `CurrenciesInFile`, `KindUnknown`.
    """
    options = options or ImportOptions()
    if options.kind not in KINDS:
        raise KindUnknown(kind=options.kind)
    with _seekable(stream) as source:
        report = ImportReport(name=name[:200], sha256=sha256_of(source))
        report.file = _known_file(session, report.sha256)
        if report.file is not None:
            report.is_known, report.rows, report.known = True, report.file.row_count, report.file.row_count
            return report
        reading = LicenseFile(source)
        occurrences = _checked(reading, report, options)
        _store(session, reading, occurrences, report, options, by=by, now=now)
    return report


@contextmanager
def _seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The stream itself when it can go back, else a copy on disk."""
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(stream, copy)
        yield copy


def _known_file(session: Session, sha256: str) -> ReconciliationFile | None:
    return session.scalars(select(ReconciliationFile).where(ReconciliationFile.sha256 == sha256)).one_or_none()


def _checked(reading: LicenseFile, report: ImportReport, options: ImportOptions) -> Occurrences:
    """Read every row once, and refuse the file if it must be."""
    occurrences, currencies = Occurrences(), set[str]()
    for _line, row, _raw in reading.rows():
        report.rows += 1
        if isinstance(row, BadRow):
            _note_bad(report, row)
            continue
        occurrences.meet(row.content_key)
        currencies.add(row.currency)
        if report.rows % BATCH == 0:
            options.progress("checking", report.rows)
    if not report.rows:
        raise NoRows
    if report.bad and not options.skip_bad:
        raise RowsRefused(report.bad, count=report.bad_count, rows=report.rows)
    if len(currencies) > 1:
        raise CurrenciesInFile(currencies=", ".join(sorted(currencies)))
    return occurrences


def _note_bad(report: ImportReport, row: BadRow) -> None:
    report.bad_count += 1
    if len(report.bad) < REPORTED:
        report.bad.append(row)


def _store(
    session: Session,
    reading: LicenseFile,
    occurrences: Occurrences,
    report: ImportReport,
    options: ImportOptions,
    *,
    by: User | None,
    now: datetime,
) -> None:
    file_id = 0 if options.dry_run else _new_file(session, report, options.kind, by=by, now=now)
    stored = _stored_rows(reading, occurrences, file_id)
    done = 0
    while batch := list(islice(stored, BATCH)):
        fresh = _fresh(session, batch)
        if fresh and not options.dry_run:
            session.execute(insert(ReconciliationRow), fresh)
        report.added += len(fresh)
        report.known += len(batch) - len(fresh)
        done += len(batch)
        options.progress("importing", done)


def _new_file(session: Session, report: ImportReport, kind: str, *, by: User | None, now: datetime) -> int:
    by_id = by.id if by else None
    report.file = ReconciliationFile(
        name=report.name,
        kind=kind,
        sha256=report.sha256,
        row_count=report.rows - report.bad_count,
        imported_at=now,
        imported_by_id=by_id,
    )
    session.add(report.file)
    session.flush()
    after = {"name": report.name, "rows": report.rows, "refused": report.bad_count}
    record(
        session,
        "reconciliation.imported",
        object_type="reconciliation_file",
        object_id=report.file.id,
        actor_id=by_id,
        now=now,
        after=after,
    )
    return report.file.id


def _stored_rows(reading: LicenseFile, occurrences: Occurrences, file_id: int) -> Iterator[dict[str, Any]]:
    for line, row, raw in reading.rows():
        if isinstance(row, BadRow):
            continue
        content = row.content_key
        values = {name: getattr(row, name) for name in COLUMNS}
        yield values | {
            "file_id": file_id,
            "line_number": line,
            "row_key": f"{content.hex()}-{occurrences.number(content)}",
            "raw": raw,
        }


def _fresh(session: Session, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = [row["row_key"] for row in batch]
    known = set(session.scalars(select(ReconciliationRow.row_key).where(ReconciliationRow.row_key.in_(keys))))
    return [row for row in batch if row["row_key"] not in known]
