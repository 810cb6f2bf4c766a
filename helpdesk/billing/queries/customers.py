"""Customers as the workspace shows them: who they are, and how their money stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import Customer, User
from helpdesk.billing.models import Invoice, InvoiceStatus, Subscription, SubscriptionState
from helpdesk.billing.queries.balances import balance_from, figures
from helpdesk.billing.queries.invoices import InvoiceRow
from helpdesk.billing.rules.balance import InvoiceBalance
from helpdesk.money import Money
from helpdesk.permissions import Permission
from helpdesk.web.pagination import Page


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer's money in one currency."""

    to_pay: Money
    overdue: Money
    disputed: Money
    oldest_due: date | None
    """The due date of the oldest overdue invoice."""


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer in the list."""

    customer: Customer
    subscriptions: int
    people: int
    standings: Sequence[Standing]

    @property
    def is_overdue(self) -> bool:
        """Whether anything is overdue."""
        return any(standing.overdue for standing in self.standings)


def _visible(user: User) -> sa.ColumnElement[bool]:
    return sa.true() if user.may(Permission.CUSTOMERS_SEE) else sa.false()


def customer_visible(session: Session, user: User, public_id: str) -> Customer | None:
    """One customer, for those who may see customers."""
    return session.scalars(select(Customer).where(_visible(user), Customer.public_id == public_id)).one_or_none()


def customers_page(
    session: Session, user: User, *, text: str = "", today: date, after: int = 0, size: int = 50
) -> Page[CustomerRow]:
    """Customers by name, or those whose name, domain or tenant id holds `text`; two statements."""
    skipped = max(0, min(after, 100_000))
    statement = (
        select(Customer, _subscriptions(), _people())
        .where(_visible(user))
        .order_by(Customer.name, Customer.id)
        .offset(skipped)
        .limit(size + 1)
    )
    if text:
        statement = statement.where(_about(text))
    rows = session.execute(statement).all()
    shown = rows[:size]
    money = standings_of(session, [row[0].id for row in shown], today=today)
    found = [
        CustomerRow(customer, subscriptions, people, money.get(customer.id, []))
        for customer, subscriptions, people in shown
    ]
    return Page(found, str(skipped + size) if len(rows) > size else None)


def _subscriptions() -> sa.ScalarSelect[int]:
    live = Subscription.state.in_([SubscriptionState.ACTIVE, SubscriptionState.SUSPENDED])
    counted = select(func.count(Subscription.id)).where(Subscription.customer_id == Customer.id, live)
    return counted.correlate(Customer).scalar_subquery()


def _people() -> sa.ScalarSelect[int]:
    counted = select(func.count(User.id)).where(User.customer_id == Customer.id, User.disabled_at.is_(None))
    return counted.correlate(Customer).scalar_subquery()


def _about(text: str) -> sa.ColumnElement[bool]:
    wanted = text.casefold()
    columns = (Customer.name, Customer.domain, Customer.tenant_id)
    return sa.or_(*(func.lower(column).contains(wanted, autoescape=True) for column in columns))


def standings_of(session: Session, customer_ids: Sequence[int], *, today: date) -> dict[int, list[Standing]]:
    """How the money of customers stands, by currency; one statement over their issued invoices."""
    if not customer_ids:
        return {}
    statement = select(Invoice, *figures()).where(
        Invoice.customer_id.in_(customer_ids), Invoice.status == InvoiceStatus.ISSUED
    )
    by_customer: dict[int, dict[str, list[tuple[Invoice, InvoiceBalance]]]] = {}
    for invoice, *found in session.execute(statement):
        of_currency = by_customer.setdefault(invoice.customer_id, {})
        of_currency.setdefault(invoice.currency, []).append((invoice, balance_from(invoice, found)))
    return {
        customer: [_standing(rows, currency, today) for currency, rows in sorted(currencies.items())]
        for customer, currencies in by_customer.items()
    }


def _standing(rows: Sequence[InvoiceRow], currency: str, today: date) -> Standing:
    nothing = Money.zero(currency)
    overdue = [(invoice, balance) for invoice, balance in rows if balance.is_overdue(today)]
    return Standing(
        to_pay=sum((balance.due for _invoice, balance in rows), nothing),
        overdue=sum((balance.due for _invoice, balance in overdue), nothing),
        disputed=sum((balance.disputed for _invoice, balance in rows), nothing),
        oldest_due=min((invoice.due_on for invoice, _balance in overdue), default=None),
    )


def drafts(session: Session, *, limit: int = 200) -> list[InvoiceRow]:
    """Drafts that wait to be issued, the oldest first; one statement."""
    statement = (
        select(Invoice, *figures())
        .where(Invoice.status == InvoiceStatus.DRAFT)
        .options(joinedload(Invoice.customer))
        .order_by(Invoice.id)
        .limit(limit)
    )
    return [(invoice, balance_from(invoice, found)) for invoice, *found in session.execute(statement)]


def draft_count(session: Session) -> int:
    """How many drafts wait."""
    statement: Any = select(func.count()).select_from(Invoice).where(Invoice.status == InvoiceStatus.DRAFT)
    return int(session.scalars(statement).one())
