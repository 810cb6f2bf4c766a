"""What the worker writes down about an uploaded file."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.billing.models import BillingImport, ImportState
from helpdesk.billing.rules.imports import check_import_move
from helpdesk.billing.services.reconciliation.report import Change, Differences, ImportReport
from helpdesk.errors import DomainError
from helpdesk.money import Money

SHOWN: Final = 200
"""So many bad rows are shown on the page; the rejects file has them all."""
SILENCE: Final = timedelta(minutes=1)
"""After so long without a sign, another worker takes the file over."""


def claim_next(
    session: Session, *, worker: str, now: datetime, unchecked: Collection[str] = ()
) -> BillingImport | None:
    """Take the oldest file that waits and that no living worker has in hand; the caller commits at once.

    Those whose hashes are `unchecked` wait for the virus scanner first.
    """
    free = sa.or_(BillingImport.claimed_by.is_(None), BillingImport.updated_at < now - SILENCE)
    waiting = sa.and_(
        BillingImport.state.in_([ImportState.RECEIVED, ImportState.WANTED]), BillingImport.sha256.not_in(unchecked)
    )
    row = session.scalars(select(BillingImport).where(waiting, free).order_by(BillingImport.id).limit(1)).first()
    if row is None:
        return None
    claim = (
        sa.update(BillingImport)
        .where(BillingImport.id == row.id, waiting, free)
        .values(claimed_by=worker, updated_at=now, rows_done=0)
        .execution_options(synchronize_session="fetch")
    )
    taken = session.execute(claim)
    return row if taken.rowcount == 1 else None  # type: ignore[attr-defined]


def note_progress(session: Session, import_id: int, *, done: int, now: datetime) -> None:
    """Say how far the step is, which is also a sign of life."""
    session.execute(
        sa.update(BillingImport).where(BillingImport.id == import_id).values(rows_done=done, updated_at=now)
    )


def note_checked(session: Session, row: BillingImport, report: ImportReport, *, now: datetime) -> None:
    """Write down what the check found."""
    _take_figures(row, report)
    row.bad = [bad.as_json() for bad in report.bad[:SHOWN]]
    row.findings = {"is_known": report.is_known, "differences": _differences(report.differences)}
    _move(session, row, ImportState.CHECKED, now=now)


def note_done(session: Session, row: BillingImport, report: ImportReport, *, now: datetime) -> None:
    """Write down what was taken in."""
    _take_figures(row, report)
    row.findings = {**row.findings, "is_known": report.is_known}
    _move(session, row, ImportState.DONE, now=now)


def note_refused(session: Session, row: BillingImport, refusal: DomainError, *, now: datetime) -> None:
    """Write down why the file was refused as a whole."""
    values = {name: str(value) for name, value in refusal.values.items()}
    row.refusal = {"sentence": refusal.sentence, "values": values}
    _move(session, row, ImportState.REFUSED, now=now)


def _take_figures(row: BillingImport, report: ImportReport) -> None:
    row.rows, row.added, row.known, row.bad_count = report.rows, report.added, report.known, report.bad_count


def _move(session: Session, row: BillingImport, state: ImportState, *, now: datetime) -> None:
    check_import_move(row.state, state)
    row.state, row.claimed_by, row.updated_at = state, None, now
    session.flush()


def _differences(found: Differences | None) -> dict[str, Any] | None:
    """Plain values of what a corrected file changes."""
    if found is None:
        return None
    return {
        "file": found.file.name,
        "same": found.same,
        "changed": found.changed,
        "gone": found.gone,
        "new": found.new,
        "examples": [_change(change) for change in found.examples],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "subscription": change.subscription,
        "offer": change.offer,
        "charge_type": change.charge_type,
        "start": change.start.isoformat(),
        "end": change.end.isoformat(),
        "before": _plain(change.before),
        "after": _plain(change.after),
    }


def _plain(amount: Money | None) -> list[Any] | None:
    return [amount.minor, amount.currency] if amount is not None else None
