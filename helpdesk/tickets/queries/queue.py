"""The agents' queue: one statement for the rows, one for all counts, at any size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from helpdesk.accounts.models import Customer, User
from helpdesk.tickets.models import Priority, Ticket, TicketState, Topic
from helpdesk.tickets.queries.filtering import ONE_STATE, QueueFilter, QueueSort, QueueView, Rows, filtered, soon_due
from helpdesk.tickets.queries.keyset import Key, later_than, older_than, read_key
from helpdesk.tickets.queries.visible import tickets_visible_to
from helpdesk.tickets.rules.states import CLOCK_RUNS, LIVE_STATES
from helpdesk.web.pagination import Page

PAGE_ROWS: Final = 50
_OWNER = aliased(User)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """What the queue shows of one ticket."""

    id: int
    number: int
    subject: str
    customer: str
    topic: Topic
    priority: Priority
    state: TicketState
    due_at: datetime
    owner: str | None
    updated_at: datetime
    created_at: datetime


_RUNNING, _STOPPED = 0, 1
_BY_CLOCK: Final = (
    Ticket.state.in_(sorted(CLOCK_RUNS)),
    Ticket.state.in_(sorted(set(TicketState) - CLOCK_RUNS)),
)
_BY_PRIORITY: Final = tuple(Ticket.priority == priority for priority in Priority)
_PRIORITY_RANK: Final = {priority: rank for rank, priority in enumerate(Priority)}


def queue_page(
    session: Session, user: User, chosen: QueueFilter, *, now: datetime, after: str | None = None
) -> Page[QueueRow]:
    """Tickets of a view, filtered and sorted; plain rows, one statement."""
    statement = (
        filtered(tickets_visible_to(user), user, chosen, now=now)
        .join(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(_OWNER, _OWNER.id == Ticket.owner_id)
        .with_only_columns(
            Ticket.id,
            Ticket.number,
            Ticket.subject,
            Customer.name.label("customer"),
            Ticket.topic,
            Ticket.priority,
            Ticket.state,
            Ticket.answer_due_at,
            _OWNER.name.label("owner"),
            Ticket.updated_at,
            Ticket.created_at,
        )
    )
    rows = _IN_ORDER[chosen.sort](session, statement, read_key(after))
    more = len(rows) > PAGE_ROWS
    return Page(rows[:PAGE_ROWS], str(_key_of(rows[PAGE_ROWS - 1], chosen.sort)) if more else None)


def _by_clock(session: Session, statement: Rows, key: Key | None) -> list[QueueRow]:
    """Running clocks first, the most urgent on top; then those that stand still."""
    return _by_rank(session, statement, key, _BY_CLOCK)


def _by_priority(session: Session, statement: Rows, key: Key | None) -> list[QueueRow]:
    """The highest priority first, in it the earliest promise."""
    return _by_rank(session, statement, key, _BY_PRIORITY)


def _by_rank(
    session: Session, statement: Rows, key: Key | None, ranks: Sequence[sa.ColumnElement[bool]]
) -> list[QueueRow]:
    """One statement of parts that each follow an index, where one order over all ranks would sort every ticket."""
    first = key.rank if key is not None else 0
    parts = [_of_rank(statement, rank, of_rank, key).subquery() for rank, of_rank in enumerate(ranks) if rank >= first]
    if not parts:
        return []
    together = sa.union_all(*(sa.select(part) for part in parts)).subquery()
    rank, due, number = together.c.rank, together.c.answer_due_at, together.c.id
    shown = [column for column in together.c if column is not rank]
    ordered = sa.select(*shown).order_by(rank, due, number).limit(PAGE_ROWS + 1)
    return [QueueRow(*row) for row in session.execute(ordered)]


def _of_rank(statement: Rows, rank: int, of_rank: sa.ColumnElement[bool], key: Key | None) -> Rows:
    part = statement.add_columns(sa.literal(rank).label("rank")).where(of_rank)
    if key is not None and rank == key.rank:
        part = part.where(later_than(key, Ticket.answer_due_at))
    return part.order_by(Ticket.answer_due_at, Ticket.id).limit(PAGE_ROWS + 1)


def _by_age(session: Session, statement: Rows, key: Key | None) -> list[QueueRow]:
    if key is not None:
        statement = statement.where(later_than(key, Ticket.created_at))
    statement = statement.order_by(Ticket.created_at, Ticket.id).limit(PAGE_ROWS + 1)
    return [QueueRow(*row) for row in session.execute(statement)]


def _by_update(session: Session, statement: Rows, key: Key | None) -> list[QueueRow]:
    if key is not None:
        statement = statement.where(older_than(key, Ticket.updated_at))
    statement = statement.order_by(Ticket.updated_at.desc(), Ticket.id.desc()).limit(PAGE_ROWS + 1)
    return [QueueRow(*row) for row in session.execute(statement)]


_IN_ORDER: Final = {
    QueueSort.CLOCK: _by_clock,
    QueueSort.PRIORITY: _by_priority,
    QueueSort.AGE: _by_age,
    QueueSort.UPDATED: _by_update,
}


def _key_of(row: QueueRow, sort: QueueSort) -> Key:
    if sort is QueueSort.UPDATED:
        return Key(0, row.updated_at, row.id)
    if sort is QueueSort.AGE:
        return Key(0, row.created_at, row.id)
    if sort is QueueSort.PRIORITY:
        return Key(_PRIORITY_RANK[row.priority], row.due_at, row.id)
    return Key(_RUNNING if row.state in CLOCK_RUNS else _STOPPED, row.due_at, row.id)


def queue_counts(session: Session, user: User, *, now: datetime, away: Collection[int] = ()) -> dict[QueueView, int]:
    """How many tickets each view holds; `all` is not counted. One grouped statement over an index.

    `away` are owners who are not there.
    """
    statement = (
        tickets_visible_to(user)
        .where(Ticket.state.in_(sorted(LIVE_STATES)))
        .with_only_columns(
            Ticket.state, Ticket.owner_id, sa.func.count(), sa.func.sum(sa.case((soon_due(now), 1), else_=0))
        )
        .group_by(Ticket.state, Ticket.owner_id)
    )
    counts: Counter[QueueView] = Counter()
    for state, owner, count, soon in session.execute(statement):
        counts[QueueView.MINE] += count if owner == user.id else 0
        counts[QueueView.UNASSIGNED] += count if owner is None else 0
        counts[QueueView.AWAY] += count if owner in away else 0
        counts[QueueView.SOON] += soon
        for view, of_view in ONE_STATE.items():
            counts[view] += count if state is of_view else 0
    return dict(counts)
