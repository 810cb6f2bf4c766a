"""Taking a reconciliation file in: all of it or nothing, and never twice."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.billing.queries.owners import owners_of_subscriptions
from helpdesk.billing.reconciliation.file import sha256_of
from helpdesk.billing.services.reconciliation.checking import checked_file
from helpdesk.billing.services.reconciliation.report import KINDS, Differences, ImportOptions, ImportReport
from helpdesk.billing.services.reconciliation.storing import known_file, store_in_steps

__all__ = ["KINDS", "Differences", "ImportOptions", "ImportReport", "import_reconciliation"]


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

    Every row is checked first, and set aside on disk, so the memory it needs does not grow with the file. Raises
    what `checked_file` and `store_in_steps` raise.
    """
    options = options or ImportOptions()
    known = known_file(session, sha256_of(stream)) if stream.seekable() else None
    if known is not None and known.completed_at is not None:
        report = ImportReport(name=name[:200], sha256=known.sha256, file=known, is_known=True)
        report.rows = report.known = known.row_count
        return report
    owners = owners_of_subscriptions(session) if options.kind == "usage" else None
    with checked_file(stream, name=name, options=options, owners=owners) as checked:
        for _done in store_in_steps(session, checked, options=options, by=by, now=now):
            pass
        return checked.report
