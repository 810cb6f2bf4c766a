"""Invoices from the partner's own file: looked at first, then made as drafts, each whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from helpdesk.accounts.models import Customer
from helpdesk.audit.services import record
from helpdesk.billing.bills.errors import (
    CustomerUnknown,
    InvoiceHasBadRows,
    NumberTaken,
    RowsDisagree,
    SubscriptionOfNobody,
)
from helpdesk.billing.bills.file import BillRow, bill_rows
from helpdesk.billing.models import BillingImport, ChargeType, Invoice, InvoiceLine, InvoiceStatus, Subscription
from helpdesk.billing.reconciliation.errors import BadRow, NoRows
from helpdesk.billing.reconciliation.rejects import Rejects
from helpdesk.billing.services.import_work import note_checked, note_done
from helpdesk.billing.services.reconciliation.report import ImportReport

_SAME: tuple[str, ...] = ("customer", "issued_on", "due_on", "currency")
_COLUMN = {"customer": "Customer", "issued_on": "IssuedOn", "due_on": "DueOn", "currency": "Currency"}


@dataclass(slots=True)
class _Found:
    """What a file says, sorted out."""

    rows: int = 0
    bad: list[tuple[BadRow, Sequence[str]]] = field(default_factory=list)
    header: Sequence[str] = ()
    bills: dict[str, list[BillRow]] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)
    cells: dict[int, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Known:
    """The customers by domain and tenant id, and their subscriptions by both ids."""

    customers: Mapping[str, Customer]
    subscriptions: Mapping[tuple[int, str], Subscription]


def look_at_bills(session: Session, row: BillingImport, stream: BinaryIO, *, rejects: Rejects, now: datetime) -> None:
    """Check an invoice file and write down what it would make. Raises `NoRows` and what `bill_rows` raises."""
    found = _sorted_out(session, stream)
    rejects.begin(found.header)
    for bad, cells in found.bad:
        rejects.add(bad, cells)
    report = _report(row, found)
    note_checked(session, row, report, now=now)
    row.findings = {"is_known": False, "differences": None, "invoices": _invoices(found)}


def import_bills(session: Session, row: BillingImport, stream: BinaryIO, *, now: datetime) -> None:
    """Make the good invoices as drafts; one that is there already, and says the same, is left alone."""
    found = _sorted_out(session, stream)
    known = _known(session)
    for number, rows in found.bills.items():
        _make(session, number, rows, known, now=now)
        record(
            session,
            "invoice.imported",
            object_type="invoice",
            object_id=number,
            actor_id=row.by_id,
            now=now,
            after={"file": row.name, "lines": len(rows)},
        )
    note_done(session, row, _report(row, found), now=now)


def _report(row: BillingImport, found: _Found) -> ImportReport:
    report = ImportReport(row.name, row.sha256, rows=found.rows, added=len(found.bills), known=len(found.known))
    report.bad, report.bad_count = [bad for bad, _cells in found.bad], len(found.bad)
    return report


def _invoices(found: _Found) -> list[dict[str, object]]:
    """Plain values for the preview."""
    return [
        {
            "number": number,
            "customer": rows[0].customer,
            "lines": len(rows),
            "total": [sum(row.total_minor for row in rows), rows[0].currency],
            "issued_on": rows[0].issued_on.isoformat(),
            "due_on": rows[0].due_on.isoformat(),
        }
        for number, rows in list(found.bills.items())[:200]
    ]


def _sorted_out(session: Session, stream: BinaryIO) -> _Found:
    found, known = _Found(), _known(session)
    for row, cells in bill_rows(stream):
        if isinstance(row, BadRow) and row.line == 0:
            found.header = cells
            continue
        found.rows += 1
        if isinstance(row, BadRow):
            found.bad.append((row, cells))
            continue
        found.cells[row.line] = cells
        found.bills.setdefault(row.number, []).append(row)
    if not found.rows:
        raise NoRows
    _leave_out_bad(found, known)
    _leave_out_known(session, found, known)
    found.bad.sort(key=lambda pair: pair[0].line)
    return found


def _leave_out_bad(found: _Found, known: _Known) -> None:
    broken = {
        cells[found.header.index(_number_cell(found))] for _bad, cells in found.bad if len(cells) == len(found.header)
    }
    for number in list(found.bills):
        fault = _fault(found.bills[number], known)
        if fault is None and number in {text.strip() for text in broken}:
            fault = BadRow(found.bills[number][0].line, "InvoiceNumber", InvoiceHasBadRows(number=number))
        if fault is not None:
            _leave_out(found, number, fault)


def _number_cell(found: _Found) -> str:
    return next(cell for cell in found.header if "".join(filter(str.isalnum, cell)).casefold() == "invoicenumber")


def _leave_out(found: _Found, number: str, fault: BadRow) -> None:
    """Put every row of an invoice aside: the one at fault with its fault, the others because of it."""
    for row in found.bills.pop(number):
        bad = fault if row.line == fault.line else BadRow(row.line, "InvoiceNumber", InvoiceHasBadRows(number=number))
        found.bad.append((bad, found.cells[row.line]))


def _fault(rows: Sequence[BillRow], known: _Known) -> BadRow | None:
    """The first thing that is wrong with one invoice as a whole."""
    first = rows[0]
    customer = known.customers.get(first.customer)
    if customer is None:
        return BadRow(first.line, "Customer", CustomerUnknown(text=first.customer[:60]))
    for row in rows:
        differs = next((name for name in _SAME if getattr(row, name) != getattr(first, name)), None)
        if differs is not None:
            return BadRow(row.line, _COLUMN[differs], RowsDisagree(number=row.number))
        if row.subscription and (customer.id, row.subscription) not in known.subscriptions:
            return BadRow(row.line, "SubscriptionId", SubscriptionOfNobody(text=row.subscription[:60]))
    return None


def _leave_out_known(session: Session, found: _Found, known: _Known) -> None:
    statement = select(Invoice).where(Invoice.number.in_(list(found.bills))).options(selectinload(Invoice.lines))
    for invoice in session.scalars(statement):
        rows = found.bills[invoice.number]
        if _says(invoice) == _would_say(rows, known):
            found.known.append(invoice.number)
            del found.bills[invoice.number]
            continue
        _leave_out(found, invoice.number, BadRow(rows[0].line, "InvoiceNumber", NumberTaken(number=invoice.number)))


def _says(invoice: Invoice) -> tuple[object, ...]:
    lines = [
        (line.description, line.charge_start, line.charge_end, line.quantity, line.total_minor)
        for line in invoice.lines
    ]
    return (invoice.customer_id, invoice.issued_on, invoice.due_on, invoice.currency, lines)


def _would_say(rows: Sequence[BillRow], known: _Known) -> tuple[object, ...]:
    lines = [(row.description, row.charge_start, row.charge_end, row.quantity, row.total_minor) for row in rows]
    first = rows[0]
    return (known.customers[first.customer].id, first.issued_on, first.due_on, first.currency, lines)


def _known(session: Session) -> _Known:
    customers: dict[str, Customer] = {}
    for customer in session.scalars(select(Customer)):
        customers[customer.domain.lower()] = customers[customer.tenant_id.lower()] = customer
    subscriptions: dict[tuple[int, str], Subscription] = {}
    for subscription in session.scalars(select(Subscription)):
        for name in (subscription.portal_subscription_id, subscription.vnet_subscription_id):
            subscriptions[subscription.customer_id, name] = subscription
    return _Known(customers, subscriptions)


def _make(session: Session, number: str, rows: Sequence[BillRow], known: _Known, *, now: datetime) -> None:
    first = rows[0]
    customer = known.customers[first.customer]
    invoice = Invoice(
        number=number,
        customer=customer,
        status=InvoiceStatus.DRAFT,
        issued_on=first.issued_on,
        due_on=first.due_on,
        period_start=min(row.charge_start for row in rows),
        period_end=max(row.charge_end for row in rows),
        currency=first.currency,
        created_at=now,
    )
    invoice.lines = [
        InvoiceLine(
            position=position,
            subscription=known.subscriptions.get((customer.id, row.subscription)),
            charge_type=ChargeType(row.charge_type),
            description=row.description,
            charge_start=row.charge_start,
            charge_end=row.charge_end,
            quantity=row.quantity,
            unit_price=row.unit_price,
            amount_minor=row.amount_minor,
            discount_minor=row.discount_minor,
            tax_minor=row.tax_minor,
            total_minor=row.total_minor,
        )
        for position, row in enumerate(rows, 1)
    ]
    session.add(invoice)
    session.flush()
