"""Invoices and lines as one person may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from helpdesk.accounts.models import Customer, User
from helpdesk.billing.models import Dispute, Invoice, InvoiceLine, InvoiceLineCharge, InvoiceStatus, ReconciliationRow
from helpdesk.billing.queries.balances import balance_from, figures
from helpdesk.billing.rules.balance import InvoiceBalance
from helpdesk.permissions import Permission
from helpdesk.web.pagination import Page

InvoiceRow = tuple[Invoice, InvoiceBalance]


@dataclass(frozen=True, slots=True)
class ChargesPage:
    """Some of the charges behind a line."""

    rows: Sequence[InvoiceLineCharge]
    page: int
    has_more: bool


def _sees_all(user: User) -> bool:
    return user.may(Permission.CUSTOMERS_SEE)


def visible(user: User) -> sa.ColumnElement[bool]:
    """Which invoices `user` may see: staff all, billing contacts their organisation's once issued, others none."""
    if _sees_all(user):
        return sa.true()
    if not user.may(Permission.INVOICES_SEE) or user.customer_id is None:
        return sa.false()
    return sa.and_(Invoice.customer_id == user.customer_id, Invoice.status != InvoiceStatus.DRAFT)


def invoices_visible_to(user: User) -> Select[Invoice]:
    """Select the invoices that `user` may see."""
    return select(Invoice).where(visible(user))


def lines_visible_to(user: User) -> Select[InvoiceLine]:
    """Select the lines of the invoices that `user` may see, each with its invoice."""
    return (
        select(InvoiceLine)
        .join(InvoiceLine.invoice)
        .options(contains_eager(InvoiceLine.invoice), joinedload(InvoiceLine.subscription))
        .where(visible(user))
    )


def invoice_visible(session: Session, user: User, number: str) -> Invoice | None:
    """One invoice with its customer, lines, subscriptions, disputes and ledger; a constant number of statements."""
    lines = selectinload(Invoice.lines)
    statement = (
        invoices_visible_to(user)
        .where(Invoice.number == number)
        .options(
            joinedload(Invoice.customer),
            lines.joinedload(InvoiceLine.subscription),
            lines.selectinload(InvoiceLine.disputes).joinedload(Dispute.opened_by),
            selectinload(Invoice.ledger),
        )
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one_or_none()


def invoice_head(session: Session, user: User, number: str) -> InvoiceRow | None:
    """One invoice with its customer and ledger, and its balance, whatever number of lines it has; two statements."""
    statement = (
        select(Invoice, *figures())
        .where(visible(user), Invoice.number == number)
        .options(joinedload(Invoice.customer), selectinload(Invoice.ledger))
        .execution_options(populate_existing=True)
    )
    row = session.execute(statement).one_or_none()
    return (row[0], balance_from(row[0], row[1:])) if row else None


def disputes_on(session: Session, invoice: Invoice) -> Sequence[Dispute]:
    """The disputes on an invoice, the newest first, each with who opened it and its line; one statement."""
    statement = (
        select(Dispute)
        .join(Dispute.line)
        .where(InvoiceLine.invoice_id == invoice.id)
        .options(contains_eager(Dispute.line), joinedload(Dispute.opened_by))
        .order_by(Dispute.opened_at.desc(), Dispute.id.desc())
    )
    return session.scalars(statement).all()


def charges_page(session: Session, line: InvoiceLine, *, page: int, size: int) -> ChargesPage:
    """Some of the charges that a line gathers, by day; one statement. Pages count from 1."""
    statement = (
        select(InvoiceLineCharge)
        .join(InvoiceLineCharge.row)
        .where(InvoiceLineCharge.line_id == line.id)
        .options(contains_eager(InvoiceLineCharge.row))
        .order_by(ReconciliationRow.charge_start, ReconciliationRow.id)
        .limit(size + 1)
        .offset((page - 1) * size)
    )
    rows = session.scalars(statement).all()
    return ChargesPage(rows[:size], page, has_more=len(rows) > size)


def line_visible(session: Session, user: User, public_id: str) -> InvoiceLine | None:
    """One line with its invoice, customer, subscription and disputes."""
    statement = (
        lines_visible_to(user)
        .where(InvoiceLine.public_id == public_id)
        .options(
            contains_eager(InvoiceLine.invoice).joinedload(Invoice.customer),
            selectinload(InvoiceLine.disputes).joinedload(Dispute.opened_by),
        )
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one_or_none()


def invoice_page(
    session: Session, user: User, *, before: str | None = None, customer: str | None = None, size: int = 30
) -> Page[InvoiceRow]:
    """Invoices with their balances, newest first; one statement.

    `before` is the key of the page before, `customer` the public id of the one customer that is asked for.
    """
    statement = (
        select(Invoice, *figures())
        .where(visible(user))
        .options(joinedload(Invoice.customer))
        .order_by(Invoice.issued_on.desc(), Invoice.id.desc())
        .limit(size + 1)
    )
    if customer:
        statement = statement.where(Invoice.customer.has(Customer.public_id == customer))
    after = _key(before)
    if after is not None:
        statement = statement.where(sa.tuple_(Invoice.issued_on, Invoice.id) < sa.tuple_(*after))
    rows = [(invoice, balance_from(invoice, found)) for invoice, *found in session.execute(statement)]
    last = rows[size - 1][0] if len(rows) > size else None
    return Page(rows[:size], f"{last.issued_on.isoformat()}_{last.id}" if last else None)


def _key(text: str | None) -> tuple[date, int] | None:
    """The key of a page; one that nobody gave out means the first page."""
    day, _, number = (text or "").partition("_")
    if not number.isdecimal() or len(number) > 18:  # noqa: PLR2004 - fits a 64-bit id
        return None
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None
