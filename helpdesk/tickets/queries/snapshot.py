"""What an agent must know of the customer while reading a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache, reduce
from operator import add

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer
from helpdesk.billing.models import Dispute, DisputeState, Invoice, InvoiceLine, Subscription
from helpdesk.billing.queries import overdue_undisputed
from helpdesk.money import Money
from helpdesk.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A customer's money and subscriptions in a few figures."""

    overdue: Money
    overdue_since: date | None
    """Due date of the oldest overdue invoice."""
    disputed: Money
    subscriptions: list[Subscription]


def customer_snapshot(session: Session, ticket: Ticket, *, today: date) -> Snapshot:
    """The figures of the ticket's customer; a constant number of statements."""
    currency = ticket.customer.currency
    overdue = overdue_undisputed(session, ticket.customer_id, today=today)
    disputed, subscriptions = _rest(session, ticket.customer_id, currency)
    return Snapshot(
        overdue=reduce(add, (amount for _, amount in overdue if amount.currency == currency), Money.zero(currency)),
        overdue_since=min((invoice.due_on for invoice, _ in overdue), default=None),
        disputed=disputed,
        subscriptions=subscriptions,
    )


def _rest(session: Session, customer_id: int, currency: str) -> tuple[Money, list[Subscription]]:
    """What is in dispute, and the subscriptions, in one statement."""
    rows = session.execute(_rest_of(), {"customer": customer_id, "currency": currency}).all()
    return Money(int(rows[0][0]), currency), [each for _, each in rows if each is not None]


@cache
def _rest_of() -> sa.Select[int, Subscription | None]:
    """Built once: building takes longer than asking."""
    customer, currency = sa.bindparam("customer", type_=sa.Integer()), sa.bindparam("currency", type_=sa.String())
    disputed = (
        sa.select(sa.func.coalesce(sa.func.sum(Dispute.amount_minor), 0))
        .join(InvoiceLine, InvoiceLine.id == Dispute.line_id)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(Invoice.customer_id == customer, Dispute.state == DisputeState.OPEN, Invoice.currency == currency)
        .scalar_subquery()
    )
    return (
        sa.select(disputed, Subscription)
        .select_from(Customer)
        .outerjoin(Subscription, Subscription.customer_id == Customer.id)
        .where(Customer.id == customer)
        .order_by(Subscription.id)
    )
