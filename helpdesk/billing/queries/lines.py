"""The lines of an invoice by the page: a page costs the same whatever number of lines there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from helpdesk.billing.models import Invoice, InvoiceLine


@dataclass(frozen=True, slots=True)
class LinesPage:
    """Some lines of an invoice, each with the total of its subscription in minor units."""

    rows: Sequence[tuple[InvoiceLine, int]]
    page: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class _Slice:
    """Some lines of one subscription."""

    subscription_id: int | None
    count: int
    total_minor: int
    skip: int
    take: int

    @property
    def is_whole(self) -> bool:
        """Whether they are all of them."""
        return self.take == self.count


def lines_page(session: Session, invoice: Invoice, *, page: int, size: int) -> LinesPage:
    """Some lines of an invoice, those of a subscription together, each with its subscription's total.

    Pages count from 1. Three statements; the disputes of the lines come with them.
    """
    slices = list(_slices(_groups(session, invoice), skip=(page - 1) * size, take=size + 1))
    if not slices:
        return LinesPage([], page, has_more=False)
    places = {each.subscription_id: place for place, each in enumerate(slices)}
    statement = (
        select(InvoiceLine)
        .where(InvoiceLine.id.in_(_ids(invoice, slices)))
        .options(joinedload(InvoiceLine.subscription), selectinload(InvoiceLine.disputes))
    )
    lines = sorted(session.scalars(statement), key=lambda line: (places[line.subscription_id], line.position, line.id))
    rows = [(line, slices[places[line.subscription_id]].total_minor) for line in lines]
    return LinesPage(rows[:size], page, has_more=len(rows) > size)


def lines_counted(session: Session, invoice: Invoice) -> tuple[int, int]:
    """How many lines an invoice has, and how many charges of 21Vianet stand behind them; one statement."""
    charges = sa.case((InvoiceLine.reconciliation_row_id.is_not(None), InvoiceLine.charges), else_=0)
    statement = select(func.count(), func.coalesce(func.sum(charges), 0)).where(InvoiceLine.invoice_id == invoice.id)
    lines, from_rows = session.execute(statement).one()
    return int(lines), int(from_rows)


def _groups(session: Session, invoice: Invoice) -> Sequence[Any]:
    """The subscriptions of an invoice in the order of their first lines; answered by the index alone."""
    total = sa.cast(func.sum(InvoiceLine.total_minor), sa.BigInteger)
    statement = (
        select(InvoiceLine.subscription_id, func.count().label("lines"), total.label("total"))
        .where(InvoiceLine.invoice_id == invoice.id)
        .group_by(InvoiceLine.subscription_id)
        .order_by(func.min(InvoiceLine.position), InvoiceLine.subscription_id)
    )
    return session.execute(statement).all()


def _slices(groups: Sequence[Any], *, skip: int, take: int) -> Iterator[_Slice]:
    for group in groups:
        left_out = min(skip, group.lines)
        taken = min(take, group.lines - left_out)
        skip, take = skip - left_out, take - taken
        if taken:
            yield _Slice(group.subscription_id, group.lines, group.total, left_out, taken)
        if not take:
            return


def _ids(invoice: Invoice, slices: Sequence[_Slice]) -> sa.Select[Any]:
    """The lines of the slices: whole subscriptions together, and at most two in part."""
    ours: sa.Select[Any] = select(InvoiceLine.id).where(InvoiceLine.invoice_id == invoice.id)
    parts = [_part(ours, each) for each in slices if not each.is_whole]
    whole = [each.subscription_id for each in slices if each.is_whole]
    if None in whole:
        parts.append(ours.where(InvoiceLine.subscription_id.is_(None)))
    if any(whole):
        parts.append(ours.where(InvoiceLine.subscription_id.in_([each for each in whole if each is not None])))
    return select(sa.union_all(*(select(part.subquery()) for part in parts)).subquery())


def _part(ours: sa.Select[Any], part: _Slice) -> sa.Select[tuple[int]]:
    same = InvoiceLine.subscription_id.is_not_distinct_from(part.subscription_id)
    return ours.where(same).order_by(InvoiceLine.position, InvoiceLine.id).offset(part.skip).limit(part.take)
