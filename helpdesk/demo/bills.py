"""Bills of the demonstration: reconciliation files imported, invoices made from their rows, payments booked."""

from __future__ import annotations

import io
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer
from helpdesk.billing.models import Invoice, ReconciliationFile, ReconciliationRow
from helpdesk.billing.queries import balance_of
from helpdesk.billing.services import import_reconciliation, invoice_from_rows, record_payment
from helpdesk.demo.people import ORGANISATIONS, Organisation
from helpdesk.demo.reconciliation import RUNS, due_on, period, reconciliation_csv
from helpdesk.money import Money


def noon(day: date) -> datetime:
    """A moment in the middle of a Beijing day."""
    return datetime.combine(day, time(4), UTC)


def load_bills(session: Session, *, now: datetime) -> None:
    """Import one file a billing run, oldest first, and bill each customer its rows."""
    today = now.date()
    customers = {customer.tenant_id: customer for customer in session.scalars(select(Customer))}
    number = 0
    for run in reversed(range(RUNS)):
        rows = _imported(session, run, today, now=now)
        for organisation in ORGANISATIONS:
            number += 1
            customer = customers[organisation.tenant_id]
            _bill(session, organisation, customer, rows=rows[organisation.tenant_id], run=run, number=number, now=now)


def _imported(session: Session, run: int, today: date, *, now: datetime) -> dict[str, list[ReconciliationRow]]:
    text = reconciliation_csv(run, today).encode("utf-8-sig")
    name = f"reconciliation-{RUNS - run}.csv"
    import_reconciliation(session, io.BytesIO(text), name=name, now=now - timedelta(days=30 * run))
    by_tenant: dict[str, list[ReconciliationRow]] = defaultdict(list)
    statement = (
        select(ReconciliationRow)
        .join(ReconciliationFile, ReconciliationFile.id == ReconciliationRow.file_id)
        .where(ReconciliationFile.name == name)
        .order_by(ReconciliationRow.line_number)
    )
    for row in session.scalars(statement):
        by_tenant[row.tenant_id].append(row)
    return by_tenant


def _bill(
    session: Session,
    organisation: Organisation,
    customer: Customer,
    *,
    rows: list[ReconciliationRow],
    run: int,
    number: int,
    now: datetime,
) -> None:
    start, _end = period(organisation, run, now.date())
    due = due_on(organisation, run, now.date())
    invoice = invoice_from_rows(
        session,
        customer,
        rows,
        number=f"INV-{start.year}-{number:04d}",
        issued_on=start,
        due_on=due,
        now=noon(start),
    )
    _pay(session, organisation, invoice, run)


def _pay(session: Session, organisation: Organisation, invoice: Invoice, run: int) -> None:
    """Old invoices are paid; the newest is not if it is overdue, or not due yet."""
    total = balance_of(invoice).total
    if run == 0 and organisation.overdue_days < 0:
        return
    if run == 0 and organisation.overdue_days > 0:
        part = Money(total.minor * organisation.paid_part // 100, total.currency)
        paid_on = invoice.due_on + timedelta(days=1)
    else:
        part, paid_on = total, invoice.issued_on + timedelta(days=18)
    if part.minor > 0:
        reference = f"{invoice.number} {organisation.slug}".upper()
        record_payment(session, invoice, amount=part, on=paid_on, reference=reference, by=None, now=noon(paid_on))
