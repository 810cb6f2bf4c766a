"""Booking money on an invoice."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.billing.models import Invoice, LedgerEntry, LedgerKind
from helpdesk.billing.rules.invoices import PaymentKnown, check_payment
from helpdesk.db import locked
from helpdesk.money import Money


def record_payment(
    session: Session,
    invoice: Invoice,
    *,
    amount: Money,
    on: date,
    reference: str,
    by: User | None,
    now: datetime,
    most: Money | None = None,
) -> LedgerEntry:
    """Book a payment that came in on the day `on`; a negative amount takes one back, more than `most` is refused.

    Raises the errors of `rules.invoices.check_payment`, and `PaymentKnown` for one booked before.
    """
    locked(session, invoice)
    paid = Money(_paid_minor(session, invoice), invoice.currency)
    check_payment(amount, status=invoice.status, paid=paid, on=on, now=now, most=most)
    reference = reference.strip()[:120]
    if reference and _is_known(session, invoice, amount, on, reference):
        raise PaymentKnown
    entry = LedgerEntry(
        invoice=invoice,
        kind=LedgerKind.PAYMENT,
        amount_minor=amount.minor,
        on=on,
        reference=reference,
        recorded_by_id=by.id if by else None,
        recorded_at=now,
    )
    session.add(entry)
    record(
        session,
        "payment.recorded",
        object_type="invoice",
        object_id=invoice.number,
        actor_id=by.id if by else None,
        now=now,
        after={"amount": str(amount), "on": on.isoformat(), "reference": reference},
    )
    session.flush()
    return entry


def _paid_minor(session: Session, invoice: Invoice) -> int:
    statement = select(func.coalesce(func.sum(LedgerEntry.amount_minor), 0))
    ours = (LedgerEntry.invoice_id == invoice.id, LedgerEntry.kind == LedgerKind.PAYMENT)
    return int(session.scalars(statement.where(*ours)).one())


def _is_known(session: Session, invoice: Invoice, amount: Money, on: date, reference: str) -> bool:
    statement = select(LedgerEntry.id).where(
        LedgerEntry.invoice_id == invoice.id,
        LedgerEntry.kind == LedgerKind.PAYMENT,
        LedgerEntry.amount_minor == amount.minor,
        LedgerEntry.on == on,
        LedgerEntry.reference == reference,
    )
    return session.scalars(statement.limit(1)).first() is not None
