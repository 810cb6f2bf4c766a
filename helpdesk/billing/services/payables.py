"""What the partner owes 21Vianet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.billing.models import ReconciliationFile, ReconciliationRow, VnetInvoice
from helpdesk.errors import DomainError

_NUMBER_MAX: Final = 40


class PayableUnknown(DomainError):
    """There is no such file any more. Reload the page."""


class PaidBeforeBilled(DomainError):
    """It cannot have been paid before it was billed."""


class OtherCurrency(DomainError):
    """The file holds no charge in %(currency)s, so it cannot explain this invoice."""


def set_payable(
    session: Session, file_id: int, *, billed_on: date, paid_on: date | None, by: User, now: datetime
) -> None:
    """Correct the billing date of a file, or note its payment. Raises `PayableUnknown`, `PaidBeforeBilled`."""
    file = _file(session, file_id)
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


def note_invoice_paid(session: Session, invoice_id: int, *, paid_on: date | None, by: User, now: datetime) -> None:
    """Note when an invoice of 21Vianet was paid, or that it was not. Raises `PayableUnknown`, `PaidBeforeBilled`."""
    invoice = _invoice(session, invoice_id)
    if paid_on is not None and paid_on < invoice.billed_on:
        raise PaidBeforeBilled
    before, invoice.paid_on = invoice.paid_on, paid_on
    session.flush()
    record(
        session,
        "payable.changed",
        object_type="vnet_invoice",
        object_id=invoice.id,
        actor_id=by.id,
        now=now,
        before={"paid_on": str(before or "")},
        after={"paid_on": str(paid_on or "")},
    )


def link_file(session: Session, file_id: int, *, invoice_id: int | None, by: User, now: datetime) -> None:
    """Say which invoice of 21Vianet a file explains, or that it explains none of them.

    A payment that was noted on the file is noted on the invoice too. Raises `PayableUnknown`, `OtherCurrency`.
    """
    file = _file(session, file_id)
    before = file.vnet_invoice_id
    if invoice_id is not None:
        invoice = _invoice(session, invoice_id)
        _check_currency(session, file, invoice)
        invoice.paid_on = invoice.paid_on or file.paid_on
    file.vnet_invoice_id = invoice_id
    file.names_invoice = file.names_invoice if invoice_id is not None else ""  # what a person took off stays off
    session.flush()
    record(
        session,
        "payable.linked",
        object_type="reconciliation_file",
        object_id=file.id,
        actor_id=by.id,
        now=now,
        before={"invoice": before},
        after={"invoice": invoice_id},
    )


def link_named_files(session: Session) -> int:
    """Put the files that name their invoice, as usage-based ones do, beside it; gives how many were found.

    The rows of a file are looked at once, when it is whole.
    """
    alone = select(ReconciliationFile).where(
        ReconciliationFile.vnet_invoice_id.is_(None), ReconciliationFile.completed_at.is_not(None)
    )
    for file in session.scalars(alone.where(ReconciliationFile.names_invoice.is_(None))).all():
        file.names_invoice = _named_invoice(session, file)
    session.flush()
    pairs = select(ReconciliationFile, VnetInvoice).join(
        VnetInvoice, VnetInvoice.number == ReconciliationFile.names_invoice
    )
    found = session.execute(pairs.where(ReconciliationFile.vnet_invoice_id.is_(None))).all()
    for file, invoice in found:
        file.vnet_invoice_id, invoice.paid_on = invoice.id, invoice.paid_on or file.paid_on
    session.flush()
    return len(found)


def _named_invoice(session: Session, file: ReconciliationFile) -> str:
    """The number that the first and the last row name; nothing where they name none, or not the same."""
    rows = select(ReconciliationRow.raw).where(ReconciliationRow.file_id == file.id).limit(1)
    row_id = ReconciliationRow.id
    ends = [session.scalars(rows.order_by(order)).first() for order in (row_id, row_id.desc())]
    numbers = {_invoice_number(raw) for raw in ends}
    number = numbers.pop() if len(numbers) == 1 else ""
    return number if len(number) <= _NUMBER_MAX else ""


def _invoice_number(raw: Mapping[str, Any] | None) -> str:
    return next((str(value) for name, value in (raw or {}).items() if name.casefold() == "invoicenumber"), "")


def _check_currency(session: Session, file: ReconciliationFile, invoice: VnetInvoice) -> None:
    row = ReconciliationRow
    charged = select(row.id).where(row.file_id == file.id, row.currency == invoice.currency).limit(1)
    if session.scalars(charged).first() is None:
        raise OtherCurrency(currency=invoice.currency)


def _file(session: Session, file_id: int) -> ReconciliationFile:
    file = session.scalars(select(ReconciliationFile).where(ReconciliationFile.id == file_id)).one_or_none()
    if file is None:
        raise PayableUnknown
    return file


def _invoice(session: Session, invoice_id: int) -> VnetInvoice:
    invoice = session.scalars(select(VnetInvoice).where(VnetInvoice.id == invoice_id)).one_or_none()
    if invoice is None:
        raise PayableUnknown
    return invoice
