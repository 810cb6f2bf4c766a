"""What the partner owes 21Vianet."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.billing.models import ReconciliationFile
from helpdesk.errors import DomainError


class PayableUnknown(DomainError):
    """There is no such file any more. Reload the page."""


class PaidBeforeBilled(DomainError):
    """It cannot have been paid before it was billed."""


def set_payable(
    session: Session, file_id: int, *, billed_on: date, paid_on: date | None, by: User, now: datetime
) -> None:
    """Correct the billing date of a file, or note its payment. Raises `PayableUnknown`, `PaidBeforeBilled`."""
    file = session.scalars(select(ReconciliationFile).where(ReconciliationFile.id == file_id)).one_or_none()
    if file is None:
        raise PayableUnknown
    if paid_on is not None and paid_on < billed_on:
        raise PaidBeforeBilled
    before = {"billed_on": str(file.billed_on), "paid_on": str(file.paid_on or "")}
    file.billed_on, file.paid_on = billed_on, paid_on
    session.flush()
    record(
        session,
        "payable.changed",
        object_type="reconciliation_file",
        object_id=file.id,
        actor_id=by.id,
        now=now,
        before=before,
        after={"billed_on": str(billed_on), "paid_on": str(paid_on or "")},
    )
