"""Balances: from the loaded rows of one invoice, or for many invoices in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from helpdesk.billing.models import (
    Dispute,
    DisputeState,
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    LedgerEntry,
    LedgerKind,
)
from helpdesk.billing.rules.balance import InvoiceBalance
from helpdesk.money import Money

Figures = tuple[int, int, int, int]
"""Minor units: total, paid, credited, disputed."""


def _total() -> ColumnElement[int]:
    return _sum(select(func.sum(InvoiceLine.total_minor)).where(InvoiceLine.invoice_id == Invoice.id))


def _booked(kind: LedgerKind) -> ColumnElement[int]:
    entries = select(func.sum(LedgerEntry.amount_minor))
    return _sum(entries.where(LedgerEntry.invoice_id == Invoice.id, LedgerEntry.kind == kind))


def _disputed() -> ColumnElement[int]:
    amounts = select(func.sum(Dispute.amount_minor)).join(InvoiceLine, InvoiceLine.id == Dispute.line_id)
    return _sum(amounts.where(InvoiceLine.invoice_id == Invoice.id, Dispute.state == DisputeState.OPEN))


def _sum(statement: sa.Select[Any]) -> ColumnElement[int]:
    """The sum as a whole number: PostgreSQL adds bigints up to numeric."""
    figure = statement.correlate(Invoice).scalar_subquery()
    return sa.cast(func.coalesce(figure, 0), sa.BigInteger)


def figures() -> list[ColumnElement[int]]:
    """Columns for a statement over `Invoice`: total, paid, credited, disputed, in minor units."""
    return [_total(), _booked(LedgerKind.PAYMENT), _booked(LedgerKind.CREDIT), _disputed()]


def balance_from(invoice: Invoice, found: Iterable[Any]) -> InvoiceBalance:
    """The balance of `invoice` from the columns of `figures()`."""
    total, paid, credited, disputed = (Money(int(minor), invoice.currency) for minor in found)
    return InvoiceBalance(invoice.status, invoice.due_on, total, paid, credited, disputed)


def balance_of(invoice: Invoice) -> InvoiceBalance:
    """The balance of one invoice from its lines, ledger and disputes; load them with `invoice_visible`."""
    return balance_from(
        invoice,
        (
            sum(line.total_minor for line in invoice.lines),
            sum(entry.amount_minor for entry in invoice.ledger if entry.kind is LedgerKind.PAYMENT),
            sum(entry.amount_minor for entry in invoice.ledger if entry.kind is LedgerKind.CREDIT),
            sum(line.open_dispute.amount_minor for line in invoice.lines if line.open_dispute),
        ),
    )


def balances_of(session: Session, invoice_ids: Iterable[int]) -> dict[int, InvoiceBalance]:
    """The balances of many invoices by their id, in one statement."""
    wanted = list(invoice_ids)
    if not wanted:
        return {}
    rows = session.execute(select(Invoice, *figures()).where(Invoice.id.in_(wanted)))
    return {invoice.id: balance_from(invoice, found) for invoice, *found in rows}


def overdue_undisputed(session: Session, customer_id: int, *, today: date) -> list[tuple[Invoice, Money]]:
    """A customer's overdue invoices with what is due on each, oldest first; one statement."""
    rows = session.execute(_overdue(), {"customer": customer_id, "today": today})
    found = [(invoice, balance_from(invoice, row)) for invoice, *row in rows]
    return [(invoice, balance.due) for invoice, balance in found if balance.is_overdue(today)]


@cache
def _overdue() -> sa.Select[Invoice, *tuple[Any, ...]]:
    """Built once: building takes longer than asking."""
    return (
        select(Invoice, *figures())
        .where(
            Invoice.customer_id == sa.bindparam("customer"),
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.due_on < sa.bindparam("today"),
        )
        .order_by(Invoice.due_on, Invoice.id)
    )
