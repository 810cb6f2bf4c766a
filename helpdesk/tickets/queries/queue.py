"""The agents' queue: one statement for the rows, one for all counts, at any size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from helpdesk.accounts.models import Customer, User
from helpdesk.tickets.models import Priority, Ticket, TicketState, Topic
from helpdesk.tickets.queries.filtering import (
    ONE_STATE,
    QueueFilter,
    QueueSort,
    QueueView,
    Rows,
    filtered,
    soon_due,
    states_in,
)
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
_PRIORITY_RANK: Final = {priority: rank for rank, priority in enumerate(Priority)}
_Part = tuple[int, sa.ColumnElement[bool]]


def queue_page(
    session: Session, user: User, chosen: QueueFilter, *, now: datetime, after: str | None = None
) -> Page[QueueRow]:
    """Tickets of a view, filtered and sorted; plain rows, one statement: which tickets first, then what is shown."""
    statement = filtered(tickets_visible_to(user), user, chosen, now=now).with_only_columns(Ticket.id)
    place = _IN_ORDER[chosen.sort](statement, chosen, read_key(after)).limit(PAGE_ROWS + 1).subquery()
    shown = (
        sa.select(
            Ticket.id,
            Ticket.number,
            Ticket.subject,
            Customer.name,
            Ticket.topic,
            Ticket.priority,
            Ticket.state,
            Ticket.answer_due_at,
            _OWNER.name,
            Ticket.updated_at,
            Ticket.created_at,
        )
        .join_from(place, Ticket, Ticket.id == place.c.id)
        .join(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(_OWNER, _OWNER.id == Ticket.owner_id)
    )
    rows = [QueueRow(*row) for row in session.execute(shown)]
    rows.sort(key=lambda row: _key_of(row, chosen.sort), reverse=chosen.sort is QueueSort.UPDATED)
    more = len(rows) > PAGE_ROWS
    return Page(rows[:PAGE_ROWS], str(_key_of(rows[PAGE_ROWS - 1], chosen.sort)) if more else None)


def _by_clock(statement: Rows, chosen: QueueFilter, key: Key | None) -> Rows:
    """Running clocks first, the most urgent on top; then those that stand still.

    A part a state: an index gives one state's promises in their order, those of two only after sorting them all.
    """
    parts = [(_RUNNING if state in CLOCK_RUNS else _STOPPED, Ticket.state == state) for state in states_in(chosen)]
    return _by_rank(statement, parts, key)


def _by_priority(statement: Rows, chosen: QueueFilter, key: Key | None) -> Rows:
    """The highest priority first, in it the earliest promise."""
    wanted = [chosen.priority] if chosen.priority else list(Priority)
    return _by_rank(statement, [(_PRIORITY_RANK[each], Ticket.priority == each) for each in wanted], key)


def _by_rank(statement: Rows, parts: Sequence[_Part], key: Key | None) -> Rows:
    """Parts that each follow an index, where one order over all ranks would sort every ticket."""
    first = key.rank if key is not None else 0
    asked = [_of_rank(statement, part, key).subquery() for part in parts if part[0] >= first]
    if not asked:
        return statement.where(sa.false())
    together = sa.union_all(*(sa.select(part) for part in asked)).subquery()
    return sa.select(together.c.id).order_by(together.c.rank, together.c.answer_due_at, together.c.id)


def _of_rank(statement: Rows, part: _Part, key: Key | None) -> Rows:
    rank, condition = part
    statement = statement.add_columns(Ticket.answer_due_at, sa.literal(rank).label("rank")).where(condition)
    if key is not None and rank == key.rank:
        statement = statement.where(later_than(key, Ticket.answer_due_at))
    return statement.order_by(Ticket.answer_due_at, Ticket.id).limit(PAGE_ROWS + 1)


def _by_age(statement: Rows, _chosen: QueueFilter, key: Key | None) -> Rows:
    if key is not None:
        statement = statement.where(later_than(key, Ticket.created_at))
    return statement.order_by(Ticket.created_at, Ticket.id)


def _by_update(statement: Rows, _chosen: QueueFilter, key: Key | None) -> Rows:
    if key is not None:
        statement = statement.where(older_than(key, Ticket.updated_at))
    return statement.order_by(Ticket.updated_at.desc(), Ticket.id.desc())


_IN_ORDER: Final[dict[QueueSort, Callable[[Rows, QueueFilter, Key | None], Rows]]] = {
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
