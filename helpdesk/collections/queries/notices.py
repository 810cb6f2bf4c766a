"""Notices as one person may see them, and what is still due on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from helpdesk.accounts.models import Customer, User
from helpdesk.billing.queries import balances_of
from helpdesk.billing.rules.balance import InvoiceBalance
from helpdesk.collections.models import (
    CollectionsPolicy,
    NoticeInvoice,
    NoticeState,
    SuspensionNotice,
)
from helpdesk.money import Money
from helpdesk.permissions import Permission
from helpdesk.web.pagination import Page

NOTICE: Final = "notice"
"""What deliveries call their subject."""
_ENDED: Final = sa.case((SuspensionNotice.state == NoticeState.IN_FORCE, 0), else_=1)


@dataclass(frozen=True, slots=True)
class NoticeAmounts:
    """What a notice stated, and what is left of it."""

    stated: Money
    due: Money
    disputed: Money
    balances: dict[int, InvoiceBalance]
    """Of each of its invoices, by id."""

    @property
    def is_paid(self) -> bool:
        """Whether nothing is left, not even in a dispute."""
        return not self.due and not self.disputed


NoticeRow = tuple[SuspensionNotice, NoticeAmounts]


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
    """One notice with subscription, customer, invoices, its policy's stages and texts, and who acknowledged it."""
    policy = joinedload(SuspensionNotice.policy)
    statement = (
        notices_visible_to(user)
        .where(SuspensionNotice.public_id == public_id)
        .options(
            joinedload(SuspensionNotice.customer),
            joinedload(SuspensionNotice.subscription),
            joinedload(SuspensionNotice.acknowledged_by),
            joinedload(SuspensionNotice.approved_by),
            policy.selectinload(CollectionsPolicy.stages),
            policy.selectinload(CollectionsPolicy.texts),
            selectinload(SuspensionNotice.invoices).joinedload(NoticeInvoice.invoice),
        )
    )
    return session.scalars(statement).one_or_none()


def notices_page(
    session: Session, user: User, *, before: str | None = None, customer: str | None = None, size: int = 30
) -> Page[NoticeRow]:
    """Notices, those in force first, then the newest, with their amounts; three statements.

    `before` is the key of the page before, `customer` the public id of the one customer that is asked for.
    """
    statement = (
        notices_visible_to(user)
        .options(
            joinedload(SuspensionNotice.customer),
            joinedload(SuspensionNotice.subscription),
            selectinload(SuspensionNotice.invoices),
        )
        .order_by(_ENDED, SuspensionNotice.id.desc())
        .limit(size + 1)
    )
    if customer:
        statement = statement.where(SuspensionNotice.customer.has(Customer.public_id == customer))
    after = _key(before)
    if after is not None:
        ended, number = sa.literal(after[0]), after[1]
        statement = statement.where(sa.or_(ended < _ENDED, sa.and_(ended == _ENDED, SuspensionNotice.id < number)))
    rows = session.scalars(statement).all()
    shown = rows[:size]
    last = shown[-1] if len(rows) > size else None
    return Page(amounts_for(session, shown), f"{int(not last.is_in_force)}_{last.id}" if last else None)


def _key(text: str | None) -> tuple[int, int] | None:
    """The key of a page; one that nobody gave out means the first page."""
    ended, _, number = (text or "").partition("_")
    if ended not in {"0", "1"} or not number.isdecimal() or len(number) > 18:  # noqa: PLR2004 - fits a 64-bit id
        return None
    return int(ended), int(number)


def chain_of(subscription_id: int) -> Select[SuspensionNotice]:
    """Select the notices about one debt: those since the last that was settled, oldest first, none withdrawn."""
    before = aliased(SuspensionNotice)
    settled = (
        select(func.coalesce(func.max(before.id), 0))
        .where(before.subscription_id == subscription_id, before.state == NoticeState.SETTLED)
        .scalar_subquery()
    )
    return (
        select(SuspensionNotice)
        .where(
            SuspensionNotice.subscription_id == subscription_id,
            SuspensionNotice.id > settled,
            SuspensionNotice.state.in_([NoticeState.IN_FORCE, NoticeState.SUPERSEDED]),
        )
        .order_by(SuspensionNotice.id)
    )


def earlier_notices(session: Session, notice: SuspensionNotice) -> list[SuspensionNotice]:
    """The notices that led to this one: those about its subscription since the last that was settled before it."""
    before = aliased(SuspensionNotice)
    settled = (
        select(func.coalesce(func.max(before.id), 0))
        .where(
            before.subscription_id == notice.subscription_id,
            before.state == NoticeState.SETTLED,
            before.id < notice.id,
        )
        .scalar_subquery()
    )
    statement = select(SuspensionNotice).where(
        SuspensionNotice.subscription_id == notice.subscription_id,
        SuspensionNotice.id > settled,
        SuspensionNotice.id < notice.id,
        SuspensionNotice.state == NoticeState.SUPERSEDED,
    )
    return list(session.scalars(statement.order_by(SuspensionNotice.id)))


def amounts_for(session: Session, notices: Sequence[SuspensionNotice]) -> list[NoticeRow]:
    """Each notice with its amounts; one statement."""
    balances = balances_of(session, {part.invoice_id for notice in notices for part in notice.invoices})
    return [(notice, _amounts(notice, balances)) for notice in notices]


def amounts_of(session: Session, notice: SuspensionNotice) -> NoticeAmounts:
    """What one notice stated and what is left of it; one statement."""
    return _amounts(notice, balances_of(session, [part.invoice_id for part in notice.invoices]))


def _amounts(notice: SuspensionNotice, balances: dict[int, Any]) -> NoticeAmounts:
    ours = {part.invoice_id: balances[part.invoice_id] for part in notice.invoices}
    nothing = Money.zero(notice.currency)
    return NoticeAmounts(
        stated=notice.amount_stated,
        due=sum((balance.due for balance in ours.values()), nothing),
        disputed=sum((balance.disputed for balance in ours.values()), nothing),
        balances=ours,
    )
