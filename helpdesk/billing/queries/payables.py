"""What is owed to 21Vianet: its invoices with the files that explain them, and files whose invoice is not known."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.billing.models import ReconciliationFile, ReconciliationRow, VnetInvoice
from helpdesk.billing.queries.reconcile import counting
from helpdesk.billing.rules.reconcile import BilledPayable, Payable
from helpdesk.money import Money


def payables(session: Session, *, limit: int = 24) -> list[Payable]:
    """What the partner owes, the newest first; three statements."""
    invoices = session.scalars(
        select(VnetInvoice).order_by(VnetInvoice.billed_on.desc(), VnetInvoice.id.desc()).limit(limit)
    ).all()
    explaining: dict[int, list[Payable]] = {}
    theirs = _files().where(VnetInvoice.id.in_([each.id for each in invoices]), _same_currency())
    for row in session.execute(theirs):
        explaining.setdefault(row.vnet_invoice_id, []).append(_payable(row))
    alone = _files().where(sa.or_(VnetInvoice.id.is_(None), ~_same_currency())).limit(limit)
    found: list[Payable] = [_billed(each, explaining.get(each.id, [])) for each in invoices]
    found += [_payable(row) for row in session.execute(alone)]
    return sorted(found, key=lambda each: each.billed_on, reverse=True)


def _same_currency() -> sa.ColumnElement[bool]:
    return VnetInvoice.currency == ReconciliationRow.currency


def _files() -> sa.Select[*tuple[Any, ...]]:
    """What each file says in each currency."""
    return (
        select(
            ReconciliationFile.id,
            ReconciliationFile.name,
            ReconciliationFile.kind,
            ReconciliationFile.billed_on,
            ReconciliationFile.paid_on,
            ReconciliationFile.vnet_invoice_id,
            ReconciliationRow.currency,
            sa.cast(func.sum(ReconciliationRow.total_minor), sa.BigInteger).label("total"),
        )
        .join(ReconciliationRow, ReconciliationRow.file_id == ReconciliationFile.id)
        .outerjoin(VnetInvoice, VnetInvoice.id == ReconciliationFile.vnet_invoice_id)
        .where(counting())
        .group_by(ReconciliationFile.id, ReconciliationRow.currency)
        .order_by(ReconciliationFile.billed_on.desc(), ReconciliationFile.id.desc())
    )


def _payable(row: Any) -> Payable:  # noqa: ANN401 - a row of the statement
    return Payable(row.id, row.name, row.kind, Money(row.total, row.currency), row.billed_on, row.paid_on)


def _billed(invoice: VnetInvoice, files: list[Payable]) -> BilledPayable:
    start, end = invoice.period_start, invoice.period_end
    return BilledPayable(
        id=invoice.id,
        name=invoice.number,
        kind=invoice.document_type,
        amount=invoice.total,
        billed_on=invoice.billed_on,
        paid_on=invoice.paid_on,
        files=tuple(files),
        period=(start, end) if start and end else None,
        amends=invoice.amends,
        paid_raw=invoice.paid_raw,
    )
