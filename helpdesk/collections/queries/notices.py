"""Notices as one person may see them, and what is still due on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from helpdesk.accounts.models import User
from helpdesk.billing.queries import balances_of
from helpdesk.billing.rules.balance import InvoiceBalance
from helpdesk.collections.models import NoticeInvoice, SuspensionNotice
from helpdesk.money import Money
from helpdesk.permissions import Permission
from helpdesk.web.pagination import Page


@dataclass(frozen=True, slots=True)
class NoticeAmounts:
    """What a notice stated, and what is left of it."""

    stated: Money
    due: Money
    disputed: Money
    balances: dict[int, InvoiceBalance]
    """Of each of its invoices, by id."""


def visible(user: User) -> sa.ColumnElement[bool]:
    """Which notices `user` may see: staff all, a customer's people their organisation's."""
    if user.may(Permission.CUSTOMERS_SEE):
        return sa.true()
    if not user.may(Permission.NOTICES_SEE) or user.customer_id is None:
        return sa.false()
    return SuspensionNotice.customer_id == user.customer_id


def notices_visible_to(user: User) -> Select[SuspensionNotice]:
    """Select the notices that `user` may see."""
    return select(SuspensionNotice).where(visible(user))


def notice_visible(session: Session, user: User, public_id: str) -> SuspensionNotice | None:
    """One notice with subscription, customer, policy, invoices and who acknowledged it."""
    statement = (
        notices_visible_to(user)
        .where(SuspensionNotice.public_id == public_id)
        .options(
            joinedload(SuspensionNotice.customer),
            joinedload(SuspensionNotice.subscription),
            joinedload(SuspensionNotice.policy),
            joinedload(SuspensionNotice.acknowledged_by),
            selectinload(SuspensionNotice.invoices).joinedload(NoticeInvoice.invoice),
        )
    )
    return session.scalars(statement).one_or_none()


def notices_page(
    session: Session, user: User, *, before: int | None = None, size: int = 30
) -> Page[tuple[SuspensionNotice, NoticeAmounts]]:
    """Notices, newest first, with their amounts; a constant number of statements. `before` is a page's key."""
    statement = (
        notices_visible_to(user)
        .options(
            joinedload(SuspensionNotice.customer),
            joinedload(SuspensionNotice.subscription),
            selectinload(SuspensionNotice.invoices),
        )
        .order_by(SuspensionNotice.id.desc())
        .limit(size + 1)
    )
    if before is not None:
        statement = statement.where(SuspensionNotice.id < before)
    rows = session.scalars(statement).all()
    shown = rows[:size]
    return Page(_with_amounts(session, shown), str(shown[-1].id) if len(rows) > size else None)


def _with_amounts(
    session: Session, notices: Sequence[SuspensionNotice]
) -> list[tuple[SuspensionNotice, NoticeAmounts]]:
    balances = balances_of(session, {part.invoice_id for notice in notices for part in notice.invoices})
    return [(notice, _amounts(notice, balances)) for notice in notices]


def amounts_of(session: Session, notice: SuspensionNotice) -> NoticeAmounts:
    """What one notice stated and what is left of it; one statement."""
    return _amounts(notice, balances_of(session, [part.invoice_id for part in notice.invoices]))


def _amounts(notice: SuspensionNotice, balances: dict[int, InvoiceBalance]) -> NoticeAmounts:
    ours = {part.invoice_id: balances[part.invoice_id] for part in notice.invoices}
    nothing = Money.zero(notice.currency)
    return NoticeAmounts(
        stated=notice.amount_stated,
        due=sum((balance.due for balance in ours.values()), nothing),
        disputed=sum((balance.disputed for balance in ours.values()), nothing),
        balances=ours,
    )
