"""What is in open disputes, whether it is due yet or not."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import Customer
from helpdesk.billing.models import Dispute, DisputeState, Invoice, InvoiceLine, InvoiceStatus
from helpdesk.billing.queries import figures
from helpdesk.billing.queries.balances import balance_from
from helpdesk.money import Money


@dataclass(slots=True)
class Disputed:
    """One customer's open disputes, by currency."""

    customer: Customer
    amounts: list[Money]


def disputed_by_customer(session: Session, *, customer_id: int | None = None) -> dict[int, Disputed]:
    """Every customer with an open dispute on an unpaid invoice, by id; one statement."""
    invoices = (
        select(InvoiceLine.invoice_id)
        .join(Dispute, Dispute.line_id == InvoiceLine.id)
        .where(Dispute.state == DisputeState.OPEN)
    )
    statement = (
        select(Invoice, *figures())
        .where(Invoice.status == InvoiceStatus.ISSUED, Invoice.id.in_(invoices))
        .options(joinedload(Invoice.customer))
        .order_by(Invoice.due_on, Invoice.id)
    )
    if customer_id is not None:
        statement = statement.where(Invoice.customer_id == customer_id)
    found: dict[int, Disputed] = {}
    for invoice, *row in session.execute(statement):
        amount = balance_from(invoice, row).disputed
        if amount:
            _add(found.setdefault(invoice.customer_id, Disputed(invoice.customer, [])).amounts, amount)
    return found


def _add(amounts: list[Money], amount: Money) -> None:
    for position, known in enumerate(amounts):
        if known.currency == amount.currency:
            amounts[position] = known + amount
            return
    amounts.append(amount)
