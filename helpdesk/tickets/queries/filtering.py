"""What the queue can be narrowed to: views, the filter bar, words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from helpdesk.accounts.models import Customer, User
from helpdesk.billing.models import Dispute, DisputeState
from helpdesk.tickets.models import EventKind, Priority, Ticket, TicketEvent, TicketState, TicketTag, Topic
from helpdesk.tickets.queries.portal import number_in
from helpdesk.tickets.rules.promise import SOON
from helpdesk.tickets.rules.states import CLOCK_RUNS, LIVE_STATES

Rows = sa.Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """What words stand for: tickets, as a statement that gives their ids, and customers, by id."""

    tickets: sa.Select[int]
    customers: Sequence[int]


class QueueView(StrEnum):
    """The views beside the queue."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    AWAY = "away"
    NEW = "new"
    SOON = "soon"
    WAITING = "waiting"
    VNET = "vnet"
    UNCONFIRMED = "unconfirmed"
    ALL = "all"


class QueueSort(StrEnum):
    """Most urgent clock, highest priority, oldest, or latest change first."""

    CLOCK = "clock"
    PRIORITY = "priority"
    AGE = "age"
    UPDATED = "updated"


class Vnet(StrEnum):
    """Whether 21Vianet has the ticket, had it, or never saw it."""

    NOW = "now"
    BEFORE = "before"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the filter bar says; `owner` is a number, `me` or `nobody`."""

    view: QueueView = QueueView.MINE
    state: TicketState | None = None
    topic: Topic | None = None
    priority: Priority | None = None
    owner: str = ""
    customer: str = ""
    """Public id of a customer."""
    tag: str = ""
    locale: str = ""
    vnet: Vnet | None = None
    disputed: int | None = None
    """Open disputes of at least so much, in major units."""
    days: int | None = None
    """Opened at least so many days ago."""
    text: str = ""
    found: Found | None = None
    """What the search found for `text`."""
    sort: QueueSort = QueueSort.CLOCK
    away: Collection[int] = ()
    """Owners who are not there: disabled, or off duty for long."""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything beside the view is chosen."""
        chosen = (self.state, self.topic, self.priority, self.vnet, self.disputed, self.days)
        words = (self.owner, self.customer, self.tag, self.locale, self.text)
        return any(each is not None for each in chosen) or any(words)


ONE_STATE: Final = {
    QueueView.NEW: TicketState.NEW,
    QueueView.WAITING: TicketState.WAITING_CUSTOMER,
    QueueView.VNET: TicketState.WITH_21VIANET,
    QueueView.UNCONFIRMED: TicketState.RESOLVED,
}


def states_in(chosen: QueueFilter) -> list[TicketState]:
    """The states that tickets of the view and the filter may be in."""
    if chosen.view is QueueView.ALL:
        of_view = set(TicketState)
    elif chosen.view in ONE_STATE:
        of_view = {ONE_STATE[chosen.view]}
    else:
        of_view = set(CLOCK_RUNS if chosen.view is QueueView.SOON else LIVE_STATES)
    return sorted(of_view if chosen.state is None else of_view & {chosen.state})


def soon_due(now: datetime) -> sa.ColumnElement[bool]:
    """Running clocks with little time left, or none."""
    return sa.and_(Ticket.state.in_(sorted(CLOCK_RUNS)), Ticket.answer_due_at <= now + SOON)


def filtered(statement: Rows, user: User, chosen: QueueFilter, *, now: datetime) -> Rows:
    """Narrow a statement over tickets to what was chosen."""
    conditions = [*_in_view(user, chosen, now), *_plain(chosen), *_by_owner(user, chosen), *_special(chosen, now)]
    return statement.where(*conditions)


def _in_view(user: User, chosen: QueueFilter, now: datetime) -> list[sa.ColumnElement[bool]]:
    view = chosen.view
    if view is QueueView.ALL:
        return []
    if view in ONE_STATE:
        return [Ticket.state == ONE_STATE[view]]
    if view is QueueView.SOON:
        return [soon_due(now)]
    return [_owned(user, chosen), Ticket.state.in_(sorted(LIVE_STATES))]


def _owned(user: User, chosen: QueueFilter) -> sa.ColumnElement[bool]:
    if chosen.view is QueueView.AWAY:
        return Ticket.owner_id.in_(sorted(chosen.away))
    return Ticket.owner_id == user.id if chosen.view is QueueView.MINE else Ticket.owner_id.is_(None)


def _plain(chosen: QueueFilter) -> list[sa.ColumnElement[bool]]:
    pairs: list[tuple[Any, Any]] = [
        (Ticket.state, chosen.state),
        (Ticket.topic, chosen.topic),
        (Ticket.priority, chosen.priority),
        (Ticket.locale, chosen.locale or None),
    ]
    return [column == value for column, value in pairs if value is not None]


def _by_owner(user: User, chosen: QueueFilter) -> list[sa.ColumnElement[bool]]:
    owner = chosen.owner
    if not owner:
        return []
    if owner == "nobody":
        return [Ticket.owner_id.is_(None)]
    if owner == "me":
        return [Ticket.owner_id == user.id]
    return [Ticket.owner_id == (int(owner) if owner.isascii() and owner.isdigit() and len(owner) <= 9 else 0)]  # noqa: PLR2004


def _special(chosen: QueueFilter, now: datetime) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if chosen.customer:
        found.append(Ticket.customer_id.in_(sa.select(Customer.id).where(Customer.public_id == chosen.customer)))
    if chosen.tag:
        found.append(Ticket.id.in_(sa.select(TicketTag.ticket_id).where(TicketTag.tag == chosen.tag)))
    if chosen.vnet is not None:
        found.append(_vnet(chosen.vnet))
    if chosen.disputed is not None:
        found.append(_disputed(chosen.disputed))
    if chosen.days is not None:
        found.append(Ticket.created_at <= now - timedelta(days=chosen.days))
    return [*found, about(chosen.text, chosen.found)] if chosen.text else found


def _vnet(vnet: Vnet) -> sa.ColumnElement[bool]:
    if vnet is Vnet.NOW:
        return Ticket.state == TicketState.WITH_21VIANET
    was_there = sa.exists().where(TicketEvent.ticket_id == Ticket.id, TicketEvent.kind == EventKind.ESCALATED)
    return sa.and_(Ticket.state != TicketState.WITH_21VIANET, was_there) if vnet is Vnet.BEFORE else ~was_there


def _disputed(at_least: int) -> sa.ColumnElement[bool]:
    disputes = sa.select(Dispute.id).where(Dispute.state == DisputeState.OPEN, Dispute.amount_minor >= at_least * 100)
    return Ticket.dispute_id.in_(disputes)


def about(text: str, found: Found | None) -> sa.ColumnElement[bool]:
    """A reference; or what the search found, and all of the customers whose name or domain the text is a part of."""
    if (number := number_in(text)) is not None:
        return Ticket.number == number
    if found is None:
        return sa.or_(
            sa.func.lower(Ticket.subject).contains(text.casefold(), autoescape=True),
            Ticket.customer_id.in_(customers_like(sa.literal(pattern_of(text)))),
        )
    tickets = Ticket.id.in_(found.tickets)
    return sa.or_(tickets, Ticket.customer_id.in_(found.customers)) if found.customers else tickets


def customers_like(pattern: sa.ColumnElement[str]) -> sa.Select[int]:
    """Customers with a text in their name or domain, given as `pattern_of` writes it."""
    columns = (sa.func.lower(Customer.name), sa.func.lower(Customer.domain))
    return sa.select(Customer.id).where(sa.or_(*(column.like(pattern, escape="/") for column in columns)))


def pattern_of(text: str) -> str:
    """What LIKE takes for everything that holds `text`."""
    plain = text.casefold().replace("/", "//").replace("%", "/%").replace("_", "/_")
    return f"%{plain}%"
