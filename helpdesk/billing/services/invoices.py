"""Invoices of the partner to its customers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer, User
from helpdesk.audit.services import record
from helpdesk.billing.models import (
    Invoice,
    InvoiceLine,
    InvoiceLineCharge,
    InvoiceStatus,
    LedgerEntry,
    LedgerKind,
    ReconciliationRow,
    Subscription,
)
from helpdesk.billing.queries.reconcile import on_invoice
from helpdesk.billing.reconciliation import values
from helpdesk.billing.reconciliation.errors import BadValue
from helpdesk.billing.rules.invoices import InvoiceHasPayments, check_status
from helpdesk.billing.rules.pricing import AT_COST, PriceRules, check_rows, gathered, gathered_values, line_values
from helpdesk.db import locked

_SLICE: Final = 5000
"""So many values go into one statement."""
_Charge = tuple[ReconciliationRow, dict[str, Any]]
"""One of 21Vianet's rows, and what the customer pays for it."""


def invoice_from_rows(
    session: Session,
    customer: Customer,
    rows: Sequence[ReconciliationRow],
    *,
    number: str,
    issued_on: date,
    due_on: date,
    now: datetime,
    prices: PriceRules = AT_COST,
    status: InvoiceStatus = InvoiceStatus.ISSUED,
) -> Invoice:
    """Bill 21Vianet's rows to `customer` under the partner's price rules: a line a row, metered ones gathered.

    Subscriptions that the rows name and nobody knew are added. Raises `NoRowsToBill`, `RowsOfAnotherCustomer`,
    `RowsOfSeveralCurrencies`, `RowsBilledBefore`, `DueBeforeIssued`.
    """
    check_rows(rows, tenant_id=customer.tenant_id, billed=_billed(session, rows), issued_on=issued_on, due_on=due_on)
    subscriptions = _subscriptions_of(session, customer, rows)
    invoice = Invoice(
        number=number,
        customer=customer,
        status=status,
        issued_on=issued_on,
        due_on=due_on,
        period_start=min(row.charge_start for row in rows),
        period_end=max(row.charge_end for row in rows),
        currency=rows[0].currency,
        created_at=now,
    )
    begins = {key: found.term_start.day for key, found in subscriptions.items()}
    parts = [
        [(row, line_values(row, prices, anchor=begins[row.vnet_subscription_id])) for row in found]
        for found in gathered(rows)
    ]
    invoice.lines = [
        InvoiceLine(
            position=position,
            subscription=subscriptions[part[0][0].vnet_subscription_id],
            reconciliation_row=part[0][0],
            **gathered_values([given for _row, given in part]),
        )
        for position, part in enumerate(parts, 1)
    ]
    session.add(invoice)
    session.flush()
    _keep_charges(session, zip(invoice.lines, parts, strict=True))
    _note(session, "invoice.made", invoice, by=None, now=now)
    session.flush()
    return invoice


def _keep_charges(session: Session, lines: Iterable[tuple[InvoiceLine, Sequence[_Charge]]]) -> None:
    """Write down which charges stand behind the lines that gather more than one."""
    charges = [
        {"line_id": line.id, "row_id": row.id, "total_minor": given["total_minor"]}
        for line, part in lines
        if len(part) > 1
        for row, given in part
    ]
    if charges:
        session.execute(insert(InvoiceLineCharge), charges)


def _billed(session: Session, rows: Sequence[ReconciliationRow]) -> set[int]:
    """Which of the rows stand on an invoice that is not void; they are locked, so nobody bills them beside us."""
    found: set[int] = set()
    ids = [row.id for row in rows]
    for first in range(0, len(ids), _SLICE):
        found |= _billed_of(session, ids[first : first + _SLICE])
    return found


def _billed_of(session: Session, ids: Sequence[int]) -> set[int]:
    session.execute(select(ReconciliationRow.id).where(ReconciliationRow.id.in_(ids)).with_for_update())
    statement = select(ReconciliationRow.id).where(
        ReconciliationRow.id.in_(ids), on_invoice(InvoiceStatus.DRAFT, InvoiceStatus.ISSUED)
    )
    return set(session.scalars(statement))


def _subscriptions_of(
    session: Session, customer: Customer, rows: Sequence[ReconciliationRow]
) -> Mapping[str, Subscription]:
    return {row.vnet_subscription_id: subscription_of_row(session, customer, row) for row in rows}


def subscription_of_row(session: Session, customer: Customer, row: ReconciliationRow) -> Subscription:
    """The subscription that a row charges, added from what the row says if nobody knew it."""
    statement = select(Subscription).where(Subscription.vnet_subscription_id == row.vnet_subscription_id)
    known = session.scalars(statement).one_or_none()
    if known is not None:
        return known
    subscription = Subscription(
        customer=customer,
        offer_id=row.offer_id,
        offer_name=row.offer_name,
        order_id=row.order_id,
        vnet_subscription_id=row.vnet_subscription_id,
        portal_subscription_id=row.portal_subscription_id,
        seats=abs(row.quantity),
        unit_price=abs(row.unit_price),
        currency=row.currency,
        term_start=_day(row, "SubscriptionStartDate", row.charge_start),
        term_end=_day(row, "SubscriptionEndDate", row.charge_end),
    )
    session.add(subscription)
    session.flush()
    return subscription


def _day(row: ReconciliationRow, column: str, fallback: date) -> date:
    try:
        return values.day(str(row.raw.get(column, "")))
    except BadValue:
        return fallback


def issue_invoice(session: Session, invoice: Invoice, *, by: User | None, now: datetime) -> None:
    """Let the customer see a draft; from now on it is owed. Raises `InvoiceCannotChange`."""
    _move(session, invoice, InvoiceStatus.ISSUED, by=by, now=now)


def void_invoice(session: Session, invoice: Invoice, *, by: User | None, now: datetime) -> None:
    """Take an invoice back; nothing is owed on it any more. Raises `InvoiceCannotChange`, `InvoiceHasPayments`."""
    locked(session, invoice)
    paid = (LedgerEntry.invoice_id == invoice.id, LedgerEntry.kind == LedgerKind.PAYMENT)
    if sum(session.scalars(select(LedgerEntry.amount_minor).where(*paid))):
        raise InvoiceHasPayments
    _move(session, invoice, InvoiceStatus.VOID, by=by, now=now)


def _move(session: Session, invoice: Invoice, status: InvoiceStatus, *, by: User | None, now: datetime) -> None:
    check_status(locked(session, invoice).status, status)
    invoice.status = status
    _note(session, f"invoice.{status.value}", invoice, by=by, now=now)
    session.flush()


def _note(session: Session, action: str, invoice: Invoice, *, by: User | None, now: datetime) -> None:
    record(
        session,
        action,
        object_type="invoice",
        object_id=invoice.number,
        actor_id=by.id if by else None,
        now=now,
        after={"status": invoice.status.value},
    )
