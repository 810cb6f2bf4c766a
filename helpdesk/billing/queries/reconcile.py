"""Charged against invoiced, and what is not billed yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer
from helpdesk.billing.models import (
    Invoice,
    InvoiceLine,
    InvoiceLineCharge,
    InvoiceStatus,
    ReconciliationFile,
    ReconciliationRow,
    Subscription,
)
from helpdesk.billing.rules.reconcile import Reconciled
from helpdesk.money import Money

_Key = tuple[str, str, str]
"""Tenant, 21Vianet's id of the subscription, currency."""


def counting() -> sa.ColumnElement[bool]:
    """Rows that count: of a whole file, and not replaced by a corrected one. Join the file."""
    return sa.and_(ReconciliationFile.completed_at.is_not(None), ReconciliationRow.replaced_by_id.is_(None))


def on_invoice(*statuses: InvoiceStatus) -> sa.ColumnElement[bool]:
    """Whether a row stands on an invoice of one of these statuses."""
    line = select(InvoiceLine.id).join(InvoiceLine.invoice).where(Invoice.status.in_(statuses))
    of_one = line.where(InvoiceLine.reconciliation_row_id == ReconciliationRow.id)
    of_many = line.join(InvoiceLine.gathered).where(InvoiceLineCharge.row_id == ReconciliationRow.id)
    return sa.or_(of_one.exists(), of_many.exists())


def latest_period(session: Session) -> tuple[date, date] | None:
    """The days that the newest whole file charges; None before the first import."""
    statement = (
        select(ReconciliationFile.first_day, ReconciliationFile.last_day)
        .where(ReconciliationFile.completed_at.is_not(None), ReconciliationFile.first_day.is_not(None))
        .order_by(ReconciliationFile.id.desc())
        .limit(1)
    )
    found = session.execute(statement).first()
    return (found.first_day, found.last_day) if found and found.first_day and found.last_day else None


def reconciled(session: Session, *, start: date, end: date) -> list[Reconciled]:
    """Charges that begin in these days, by customer and subscription, against what was invoiced; three statements."""
    charged = {_key(row): row for row in session.execute(_charged(start, end))}
    invoiced = {_key(row): row for row in session.execute(_invoiced(start, end))}
    customers = {
        row.tenant_id: row for row in session.execute(select(Customer.tenant_id, Customer.name, Customer.public_id))
    }
    keys = sorted(charged.keys() | invoiced.keys())
    found = [_pair(key, charged.get(key), invoiced.get(key), customers.get(key[0])) for key in keys]
    return sorted(found, key=lambda each: (each.customer, each.offer, each.subscription))


def _key(row: Any) -> _Key:  # noqa: ANN401 - a row of either statement
    return (row.tenant_id, row.subscription, row.currency)


def _issued() -> sa.Subquery:
    """The rows on issued invoices, each once; joined, so that a large new file is not looked up row by row."""
    line = select(InvoiceLine.reconciliation_row_id.label("row_id")).join(InvoiceLine.invoice)
    many = select(InvoiceLineCharge.row_id).join(InvoiceLineCharge.line).join(InvoiceLine.invoice)
    status = Invoice.status == InvoiceStatus.ISSUED
    return sa.union(line.where(status, InvoiceLine.reconciliation_row_id.is_not(None)), many.where(status)).subquery()


def _charged(start: date, end: date) -> sa.Select[*tuple[Any, ...]]:
    total = func.sum(ReconciliationRow.total_minor)
    issued = _issued()
    unbilled = func.sum(sa.case((issued.c.row_id.is_not(None), 0), else_=ReconciliationRow.total_minor))
    return (
        select(
            ReconciliationRow.tenant_id,
            ReconciliationRow.vnet_subscription_id.label("subscription"),
            ReconciliationRow.currency,
            func.max(ReconciliationRow.offer_name).label("offer"),
            func.max(ReconciliationRow.portal_subscription_id).label("portal"),
            sa.cast(total, sa.BigInteger).label("total"),
            sa.cast(unbilled, sa.BigInteger).label("unbilled"),
        )
        .join(ReconciliationFile, ReconciliationFile.id == ReconciliationRow.file_id)
        .outerjoin(issued, issued.c.row_id == ReconciliationRow.id)
        .where(counting(), ReconciliationRow.charge_start.between(start, end))
        .group_by(ReconciliationRow.tenant_id, ReconciliationRow.vnet_subscription_id, ReconciliationRow.currency)
    )


def _invoiced(start: date, end: date) -> sa.Select[*tuple[Any, ...]]:
    name = func.coalesce(Subscription.vnet_subscription_id, "")
    return (
        select(
            Customer.tenant_id,
            name.label("subscription"),
            Invoice.currency,
            func.max(InvoiceLine.description).label("offer"),
            func.max(func.coalesce(Subscription.portal_subscription_id, "")).label("portal"),
            sa.cast(func.sum(InvoiceLine.total_minor), sa.BigInteger).label("total"),
        )
        .join(InvoiceLine.invoice)
        .join(Invoice.customer)
        .outerjoin(InvoiceLine.subscription)
        .where(Invoice.status == InvoiceStatus.ISSUED, InvoiceLine.charge_start.between(start, end))
        .group_by(Customer.tenant_id, name, Invoice.currency)
    )


def _pair(key: _Key, charged: Any, invoiced: Any, customer: Any) -> Reconciled:  # noqa: ANN401 - rows
    tenant, _subscription, currency = key
    either = charged or invoiced
    return Reconciled(
        tenant_id=tenant,
        customer=customer.name if customer else tenant,
        customer_public_id=customer.public_id if customer else "",
        subscription=either.portal,
        offer=(invoiced or charged).offer,
        charged=Money(charged.total if charged else 0, currency),
        invoiced=Money(invoiced.total if invoiced else 0, currency),
        unbilled=Money(charged.unbilled if charged else 0, currency),
    )


@dataclass(frozen=True, slots=True)
class Unbilled:
    """What one customer was charged by 21Vianet and not billed yet, in one currency."""

    customer: Customer
    rows: list[ReconciliationRow]
    cost: Money
    is_part: bool = False
    """There are more charges than one invoice takes; the others stay for the next."""


@dataclass(frozen=True, slots=True)
class UnbilledFound:
    """What is not billed, and whether some of it waits because one page takes only so much."""

    customers: list[Unbilled]
    has_more: bool


def unbilled(session: Session, *, start: date, end: date, limit: int = 50_000) -> UnbilledFound:
    """The rows of these days that stand on no invoice, drafts included, by customer; two statements.

    Where there are more than `limit`, the last customer is left for the next time rather than cut in two; a single
    customer with more than that gets a part.
    """
    statement = (
        select(ReconciliationRow)
        .join(ReconciliationFile, ReconciliationFile.id == ReconciliationRow.file_id)
        .join(Customer, Customer.tenant_id == ReconciliationRow.tenant_id)
        .where(
            counting(),
            ReconciliationRow.charge_start.between(start, end),
            ~on_invoice(InvoiceStatus.ISSUED, InvoiceStatus.DRAFT),
        )
        .order_by(ReconciliationRow.tenant_id, ReconciliationRow.currency, ReconciliationRow.id)
        .limit(limit + 1)
    )
    found = list(session.scalars(statement))
    has_more = len(found) > limit
    rows: dict[tuple[str, str], list[ReconciliationRow]] = {}
    for row in found[:limit]:
        rows.setdefault((row.tenant_id, row.currency), []).append(row)
    cut = (found[limit].tenant_id, found[limit].currency) if has_more else None
    if cut in rows and len(rows) > 1:
        del rows[cut]
        cut = None
    tenants = {tenant for tenant, _currency in rows}
    customers = session.scalars(select(Customer).where(Customer.tenant_id.in_(tenants)).order_by(Customer.name))
    return UnbilledFound(list(_by_customer(customers, rows, cut)), has_more)


def _by_customer(
    customers: sa.ScalarResult[Customer],
    rows: dict[tuple[str, str], list[ReconciliationRow]],
    cut: tuple[str, str] | None,
) -> Iterator[Unbilled]:
    for customer in customers:
        for (tenant, currency), found in rows.items():
            if tenant == customer.tenant_id:
                cost = Money(sum(row.total_minor for row in found), currency)
                yield Unbilled(customer, found, cost, is_part=(tenant, currency) == cut)
