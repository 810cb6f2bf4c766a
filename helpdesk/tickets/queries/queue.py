"""The agents' queue: one statement for the rows, one for all counts, at any size."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from helpdesk.accounts.models import Customer, User
from helpdesk.tickets.models import Priority, Ticket, TicketState, Topic
from helpdesk.tickets.queries.keyset import Key, later_than, older_than, read_key
from helpdesk.tickets.queries.portal import number_in
from helpdesk.tickets.queries.visible import tickets_visible_to
from helpdesk.tickets.rules.states import CLOCK_RUNS, LIVE_STATES
from helpdesk.web.pagination import Page

PAGE_ROWS: Final = 50
_OWNER = aliased(User)


class QueueView(StrEnum):
    """The views beside the queue."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    NEW = "new"
    WAITING = "waiting"
    VNET = "vnet"
    UNCONFIRMED = "unconfirmed"
    ALL = "all"


class QueueSort(StrEnum):
    """Most urgent clock first, or latest change first."""

    CLOCK = "clock"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the filter bar says; `owner` is a number, `me` or `nobody`."""

    view: QueueView = QueueView.MINE
    state: TicketState | None = None
    topic: Topic | None = None
    priority: Priority | None = None
    owner: str = ""
    text: str = ""
    sort: QueueSort = QueueSort.CLOCK


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


_ONE_STATE: Final = {
    QueueView.NEW: TicketState.NEW,
    QueueView.WAITING: TicketState.WAITING_CUSTOMER,
    QueueView.VNET: TicketState.WITH_21VIANET,
    QueueView.UNCONFIRMED: TicketState.RESOLVED,
}
_RUNNING, _STOPPED = 0, 1
_BY_RANK: Final = {
    _RUNNING: Ticket.state.in_(sorted(CLOCK_RUNS)),
    _STOPPED: Ticket.state.in_(sorted(set(TicketState) - CLOCK_RUNS)),
}


def queue_page(session: Session, user: User, chosen: QueueFilter, *, after: str | None = None) -> Page[QueueRow]:
    """Tickets of a view, filtered and sorted; plain rows, one statement, or two by the clock."""
    statement = (
        _filtered(tickets_visible_to(user), user, chosen)
        .join(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(_OWNER, _OWNER.id == Ticket.owner_id)
        .with_only_columns(
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
        )
    )
    in_order = _by_clock if chosen.sort is QueueSort.CLOCK else _by_update
    rows = in_order(session, statement, read_key(after))
    more = len(rows) > PAGE_ROWS
    return Page(rows[:PAGE_ROWS], str(_key_of(rows[PAGE_ROWS - 1], chosen.sort)) if more else None)


def _filtered(statement: sa.Select[*tuple[Any, ...]], user: User, chosen: QueueFilter) -> sa.Select[*tuple[Any, ...]]:
    statement = _in_view(statement, user, chosen.view)
    for column, value in (
        (Ticket.state, chosen.state),
        (Ticket.topic, chosen.topic),
        (Ticket.priority, chosen.priority),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if chosen.owner:
        statement = statement.where(_owned_by(chosen.owner, user))
    return statement.where(_about(chosen.text)) if chosen.text else statement


def _in_view(statement: sa.Select[*tuple[Any, ...]], user: User, view: QueueView) -> sa.Select[*tuple[Any, ...]]:
    if view is QueueView.ALL:
        return statement
    if view in _ONE_STATE:
        return statement.where(Ticket.state == _ONE_STATE[view])
    owner = Ticket.owner_id == user.id if view is QueueView.MINE else Ticket.owner_id.is_(None)
    return statement.where(owner, Ticket.state.in_(sorted(LIVE_STATES)))


def _owned_by(owner: str, user: User) -> sa.ColumnElement[bool]:
    if owner == "nobody":
        return Ticket.owner_id.is_(None)
    if owner == "me":
        return Ticket.owner_id == user.id
    return Ticket.owner_id == (int(owner) if owner.isascii() and owner.isdigit() and len(owner) <= 9 else 0)  # noqa: PLR2004


def _about(text: str) -> sa.ColumnElement[bool]:
    """A reference, or part of a subject or of a customer's name or domain."""
    wanted = text.casefold()
    if (number := number_in(text)) is not None:
        return Ticket.number == number
    customers = sa.select(Customer.id).where(
        sa.or_(
            sa.func.lower(Customer.name).contains(wanted, autoescape=True),
            sa.func.lower(Customer.domain).contains(wanted, autoescape=True),
        )
    )
    return sa.or_(Ticket.customer_id.in_(customers), sa.func.lower(Ticket.subject).contains(wanted, autoescape=True))


def _by_clock(session: Session, statement: sa.Select[*tuple[Any, ...]], key: Key | None) -> list[QueueRow]:
    """Running clocks first, the most urgent on top; then those that stand still.

    Two statements that each follow an index, where one over both kinds would have to sort every ticket.
    """
    rows: list[QueueRow] = []
    for rank, of_rank in _BY_RANK.items():
        if len(rows) > PAGE_ROWS or (key is not None and rank < key.rank):
            continue
        ranked = statement.where(of_rank).order_by(Ticket.answer_due_at, Ticket.id).limit(PAGE_ROWS + 1 - len(rows))
        if key is not None and rank == key.rank:
            ranked = ranked.where(later_than(key, Ticket.answer_due_at))
        rows += [QueueRow(*row) for row in session.execute(ranked)]
    return rows


def _by_update(session: Session, statement: sa.Select[*tuple[Any, ...]], key: Key | None) -> list[QueueRow]:
    if key is not None:
        statement = statement.where(older_than(key, Ticket.updated_at))
    statement = statement.order_by(Ticket.updated_at.desc(), Ticket.id.desc()).limit(PAGE_ROWS + 1)
    return [QueueRow(*row) for row in session.execute(statement)]


def _key_of(row: QueueRow, sort: QueueSort) -> Key:
    if sort is QueueSort.UPDATED:
        return Key(0, row.updated_at, row.id)
    return Key(_RUNNING if row.state in CLOCK_RUNS else _STOPPED, row.due_at, row.id)


def queue_counts(session: Session, user: User) -> dict[QueueView, int]:
    """How many tickets each view holds; `all` is not counted. One grouped statement over an index."""
    statement = (
        tickets_visible_to(user)
        .where(Ticket.state.in_(sorted(LIVE_STATES)))
        .with_only_columns(Ticket.state, Ticket.owner_id, sa.func.count())
        .group_by(Ticket.state, Ticket.owner_id)
    )
    counts: Counter[QueueView] = Counter()
    for state, owner, count in session.execute(statement):
        counts[QueueView.MINE] += count if owner == user.id else 0
        counts[QueueView.UNASSIGNED] += count if owner is None else 0
        for view, of_view in _ONE_STATE.items():
            counts[view] += count if state is of_view else 0
    return dict(counts)
