"""The second reading: good rows go in by the thousand, and never twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.billing.models import ReconciliationFile, ReconciliationRow
from helpdesk.billing.reconciliation.errors import CorrectsEarlierFile
from helpdesk.billing.reconciliation.rows import COLUMNS
from helpdesk.billing.services.payables import link_named_files
from helpdesk.billing.services.reconciliation.checking import Checked, Prepared
from helpdesk.billing.services.reconciliation.differences import Comparison, compare
from helpdesk.billing.services.reconciliation.report import ImportOptions, ImportReport

_NAMES: Final = ("file_id", "line_number", "row_key", "identity", *COLUMNS, "raw")
_SQLITE: Final = f"INSERT INTO reconciliation_row ({', '.join(_NAMES)}) VALUES ({', '.join('?' * len(_NAMES))})"  # noqa: S608 - our own names
_POSTGRESQL: Final = f"COPY reconciliation_row ({', '.join(_NAMES)}) FROM STDIN"
_KEY: Final = 1


def known_file(session: Session, sha256: str) -> ReconciliationFile | None:
    """The file with this content, whole or begun."""
    return session.scalars(select(ReconciliationFile).where(ReconciliationFile.sha256 == sha256)).one_or_none()


def store_in_steps(
    session: Session, checked: Checked, *, options: ImportOptions, by: User | None, now: datetime
) -> Iterator[int]:
    """Store a checked file; yields how many rows are done after each step, where the caller may commit.

    Until the last step the file is not complete and its rows do not count; the same file again goes on where it
    stopped. Fills the report. Raises `CorrectsEarlierFile` unless `options.replace` says what shall become of the
    earlier file.
    """
    report = checked.report
    file = known_file(session, report.sha256)
    if file is not None and file.completed_at is not None:
        report.file, report.is_known, report.rows, report.known = file, True, file.row_count, file.row_count
        return
    overlapping = _overlapping(session, checked)
    comparison = compare(session, checked, overlapping)
    report.differences = comparison.differences if comparison else None
    if options.dry_run:
        _count(session, checked, overlapping)
        return
    _ask(report, options)
    report.file = file or _new_file(session, checked, options, by=by, now=now)
    yield from _stored(session, checked, report.file.id, options, looking=bool(overlapping) or file is not None)
    if comparison and options.replace:
        _replace(session, comparison, report.file)
        report.file.vnet_invoice_id = comparison.differences.file.vnet_invoice_id
    _name_customers(session, checked)
    report.file.completed_at = now
    session.flush()
    link_named_files(session)
    _measure(session)


def _measure(session: Session) -> None:
    """Let PostgreSQL know at once how many rows there are now: until then it plans every page as for a few."""
    if session.connection().dialect.name == "postgresql":
        session.execute(sa.text("ANALYZE reconciliation_row"))


def _ask(report: ImportReport, options: ImportOptions) -> None:
    found = report.differences
    if found is not None and options.replace is None:
        raise CorrectsEarlierFile(name=found.file.name, changed=found.changed, gone=found.gone)


def _overlapping(session: Session, checked: Checked) -> list[ReconciliationFile]:
    """Whole files of the kind that charge some of the same days: only they can hold the same charges."""
    statement = select(ReconciliationFile).where(
        ReconciliationFile.kind == checked.kind,
        ReconciliationFile.completed_at.is_not(None),
        ReconciliationFile.first_day <= date.fromisoformat(checked.last_day),
        ReconciliationFile.last_day >= date.fromisoformat(checked.first_day),
    )
    return list(session.scalars(statement.order_by(ReconciliationFile.id)))


def _count(session: Session, checked: Checked, overlapping: Sequence[ReconciliationFile]) -> None:
    for batch in checked.batches():
        known = len(_known(session, batch)) if overlapping else 0
        checked.report.known += known
        checked.report.added += len(batch) - known


def _stored(
    session: Session, checked: Checked, file_id: int, options: ImportOptions, *, looking: bool
) -> Iterator[int]:
    """Insert what is not there; rows of this very file that an earlier try left count as added."""
    report, done = checked.report, 0
    for batch in checked.batches():
        known = _known(session, batch) if looking else {}
        _insert(session, [(file_id, *row) for row in batch if row[_KEY] not in known])
        foreign = sum(1 for owner in known.values() if owner != file_id)
        report.known += foreign
        report.added += len(batch) - foreign
        done += len(batch)
        options.progress("importing", done)
        yield done


def _known(session: Session, batch: Sequence[Prepared]) -> dict[str, int]:
    """Which keys are there, and from which file."""
    keys = [row[_KEY] for row in batch]
    statement = select(ReconciliationRow.row_key, ReconciliationRow.file_id)
    found = session.execute(statement.where(ReconciliationRow.row_key.in_(keys)))
    return {row.row_key: row.file_id for row in found}


def _insert(session: Session, rows: Sequence[Prepared]) -> None:
    """Hand the rows to the driver as they are; a million of them leave no time for more."""
    if not rows:
        return
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_SQLITE, list(rows))
        return
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - for the types
    with driver.cursor() as cursor, cursor.copy(_POSTGRESQL) as copy:
        for row in rows:
            copy.write_row(row)


def _replace(session: Session, comparison: Comparison, file: ReconciliationFile) -> None:
    """Let the rows that the corrected file says otherwise, or no longer, count no more."""
    for ids in comparison.outdated(session):
        session.execute(
            sa.update(ReconciliationRow)
            .where(ReconciliationRow.id.in_(ids))
            .values(replaced_by_id=file.id)
            .execution_options(synchronize_session=False)
        )


def _name_customers(session: Session, checked: Checked) -> None:
    """Give usage rows of customers who were not known yet to whom the license-based rows name; by subscription."""
    if checked.kind != "license":
        return
    license_row = sa.orm.aliased(ReconciliationRow)
    named = select(license_row.tenant_id).where(
        license_row.consumed.is_(None),
        license_row.vnet_subscription_id == ReconciliationRow.vnet_subscription_id,
    )
    session.execute(
        sa.update(ReconciliationRow)
        .where(ReconciliationRow.tenant_id == "", named.exists())
        .values(tenant_id=named.limit(1).scalar_subquery())
        .execution_options(synchronize_session=False)
    )


def _new_file(
    session: Session, checked: Checked, options: ImportOptions, *, by: User | None, now: datetime
) -> ReconciliationFile:
    report = checked.report
    file = ReconciliationFile(
        name=report.name,
        kind=checked.kind,
        sha256=report.sha256,
        row_count=report.rows - report.bad_count,
        imported_at=now,
        imported_by_id=by.id if by else None,
        first_day=date.fromisoformat(checked.first_day),
        last_day=date.fromisoformat(checked.last_day),
        billed_on=options.billed_on or now.date(),
    )
    session.add(file)
    session.flush()
    record(
        session,
        "reconciliation.imported",
        object_type="reconciliation_file",
        object_id=file.id,
        actor_id=by.id if by else None,
        now=now,
        after={"name": report.name, "rows": report.rows, "refused": report.bad_count, "replaces": _replaced(report)},
    )
    return file


def _replaced(report: ImportReport) -> str | None:
    return report.differences.file.name if report.differences else None
