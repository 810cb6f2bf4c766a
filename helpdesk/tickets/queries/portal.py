"""The customer's list of tickets."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import User
from helpdesk.tickets.models import Ticket, TicketState
from helpdesk.tickets.queries.keyset import Key, older_than, read_key
from helpdesk.tickets.queries.visible import tickets_visible_to
from helpdesk.tickets.rules.states import LIVE_STATES
from helpdesk.web.pagination import Page

PAGE_ROWS: Final = 20


class PortalFilter(StrEnum):
    """Which tickets the customer looks at."""

    ALL = "all"
    OPEN = "open"
    YOUR_TURN = "your_turn"
    CLOSED = "closed"


_STATES: Final = {
    PortalFilter.OPEN: tuple(sorted(LIVE_STATES)),
    PortalFilter.YOUR_TURN: (TicketState.WAITING_CUSTOMER, TicketState.RESOLVED),
    PortalFilter.CLOSED: (TicketState.CLOSED,),
}


def portal_page(
    session: Session,
    user: User,
    *,
    chosen: PortalFilter,
    text: str = "",
    found: sa.Select[int] | None = None,
    after: str | None = None,
) -> Page[Ticket]:
    """Visible tickets, latest change first, with their requesters; one statement.

    With `text`: those with that reference, those `found` by the search, and those whose subject holds it.
    """
    statement = tickets_visible_to(user).options(joinedload(Ticket.requester))
    if chosen in _STATES:
        statement = statement.where(Ticket.state.in_(_STATES[chosen]))
    if text:
        statement = statement.where(_mentions(text, found))
    if key := read_key(after):
        statement = statement.where(older_than(key, Ticket.updated_at))
    statement = statement.order_by(Ticket.updated_at.desc(), Ticket.id.desc()).limit(PAGE_ROWS + 1)
    rows = session.scalars(statement).all()
    last = rows[PAGE_ROWS - 1] if len(rows) > PAGE_ROWS else None
    return Page(rows[:PAGE_ROWS], str(Key(0, last.updated_at, last.id)) if last else None)


def _mentions(text: str, found: sa.Select[int] | None) -> sa.ColumnElement[bool]:
    if (number := number_in(text)) is not None and text.strip().upper().startswith("T-"):
        return Ticket.number == number
    in_subject = sa.func.lower(Ticket.subject).contains(text.casefold(), autoescape=True)
    either = [in_subject]
    if found is not None:
        either.append(Ticket.id.in_(found))
    if number is not None:
        either.append(Ticket.number == number)
    return sa.or_(*either)


def number_in(text: str) -> int | None:
    """The ticket's number, when `text` is a reference such as `T-1042` or `1042`."""
    digits = text.strip().upper().removeprefix("T-")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None  # noqa: PLR2004
