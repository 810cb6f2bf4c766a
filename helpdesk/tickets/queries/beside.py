"""What a ticket's page offers beside the conversation, read in one statement that is built once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.queries import who_answers
from helpdesk.db import UtcDateTime
from helpdesk.notifications.models import Delivery, DeliveryState
from helpdesk.tickets.models import (
    AnswerTarget,
    LinkKind,
    Macro,
    Ticket,
    TicketCopy,
    TicketGuest,
    TicketLink,
    TicketTag,
)
from helpdesk.tickets.rules.targets import Goal, Targets


@dataclass(frozen=True, slots=True)
class Offered:
    """A prepared answer, or somebody who answers tickets, as a choice."""

    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A ticket that belongs to another; `away` where this one was merged away, split off or opened after it."""

    number: int
    kind: LinkKind
    away: bool

    @property
    def ref(self) -> str:
        """The reference people say aloud."""
        return f"T-{self.number}"


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A mail that came back or could not be sent, and when."""

    address: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Beside:
    """What a ticket's page offers beside the conversation."""

    tags: list[str]
    macros: list[Offered]
    links: list[Linked]
    followers: list[str]
    """Names of colleagues of the requester who follow the ticket."""
    guests: list[str]
    """The same of those who were invited from outside and came."""
    agents: list[Offered]
    """Everybody who answers tickets, by name."""
    undelivered: list[Undelivered]
    """The ticket's mails that did not arrive."""
    goal: Goal
    """How soon a ticket of this topic and priority is answered and resolved."""


_TAG, _OWN_MACRO, _MACRO, _AWAY, _BACK, _COPY, _GUEST, _AGENT, _LOST, _TARGET = range(10)
_TICKET: Final = sa.bindparam("ticket", type_=sa.Integer())
_NOW: Final = sa.bindparam("now", type_=UtcDateTime())


def beside(session: Session, ticket: Ticket, *, now: datetime) -> Beside:
    """All of it, each list by name; macros for the ticket's topic come first."""
    values = {
        "ticket": ticket.id,
        "requester": ticket.requester_id,
        "topic": ticket.topic,
        "priority": ticket.priority,
        "now": now,
    }
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for kind, name, key, at in session.execute(_statement(), values):
        found[kind].append((str(name), str(key), at))
    for rows in found.values():
        rows.sort(key=lambda row: row[:2])
    return Beside(
        tags=[name for name, *_ in found[_TAG]],
        macros=[Offered(key, name) for name, key, _ in (*found[_OWN_MACRO], *found[_MACRO])],
        links=[
            Linked(int(key), LinkKind(name), away=way == _AWAY) for way in (_AWAY, _BACK) for name, key, _ in found[way]
        ],
        followers=[name for name, *_ in found[_COPY]],
        guests=[name for name, *_ in found[_GUEST]],
        agents=[Offered(key, name) for name, key, _ in found[_AGENT]],
        undelivered=sorted((Undelivered(name, at) for name, _, at in found[_LOST]), key=lambda lost: lost.at),
        goal=Targets(
            {(topic, ticket.priority): Goal(*map(int, hours.split())) for topic, hours, _ in found[_TARGET]}
        ).of(ticket.topic, ticket.priority),
    )


@cache
def _statement() -> sa.CompoundSelect[Any]:
    """Kind, name, key and moment of each; building it takes longer than asking."""
    return sa.union_all(*_of_the_ticket(), *_links(), *_of_the_house())


def _part(kind: Any, name: Any, key: Any = "", at: Any = None) -> sa.Select[Any]:  # noqa: ANN401 - columns or values
    return sa.select(
        kind if isinstance(kind, sa.ColumnElement) else sa.literal_column(str(kind), sa.Integer),
        name,
        sa.literal_column("''", sa.String) if key == "" else key,
        sa.cast(sa.null(), UtcDateTime) if at is None else at,
    )


def _of_the_ticket() -> list[sa.Select[Any]]:
    """Tags, mails that did not arrive, and who of the customer's side reads it beside the requester."""
    lost = (DeliveryState.BOUNCED, DeliveryState.FAILED)
    return [
        _part(_TAG, TicketTag.tag).where(TicketTag.ticket_id == _TICKET),
        _part(_LOST, Delivery.address, at=Delivery.at).where(
            Delivery.subject_type == "ticket", Delivery.subject_id == _TICKET, Delivery.state.in_(lost)
        ),
        _part(_COPY, User.name)
        .join_from(TicketCopy, User, User.id == TicketCopy.user_id)
        .where(
            TicketCopy.ticket_id == _TICKET,
            User.id != sa.bindparam("requester", type_=sa.Integer()),
            User.disabled_at.is_(None),
        ),
        _part(_GUEST, TicketGuest.name).where(
            TicketGuest.ticket_id == _TICKET,
            TicketGuest.came_at.is_not(None),
            TicketGuest.ended_at.is_(None),
            TicketGuest.expires_at > _NOW,
        ),
    ]


def _links() -> list[sa.Select[Any]]:
    """Both ends of a link see the other."""
    kind, number = sa.cast(TicketLink.kind, sa.String), sa.cast(Ticket.number, sa.String)
    return [
        _part(_AWAY, kind, number)
        .join_from(TicketLink, Ticket, Ticket.id == TicketLink.other_id)
        .where(TicketLink.ticket_id == _TICKET),
        _part(_BACK, kind, number)
        .join_from(TicketLink, Ticket, Ticket.id == TicketLink.ticket_id)
        .where(TicketLink.other_id == _TICKET),
    ]


def _of_the_house() -> list[sa.Select[Any]]:
    """Prepared answers, colleagues, and the goals for the topic and for every topic."""
    own = Macro.topic == sa.bindparam("topic", type_=Macro.topic.type)
    target = AnswerTarget
    hours = [sa.cast(each, sa.String) for each in (target.first_hours, target.next_hours, target.resolution_hours)]
    return [
        _part(sa.case((own, _OWN_MACRO), else_=_MACRO), Macro.name, Macro.public_id),
        _part(_AGENT, User.name, User.public_id).where(*who_answers()),
        _part(_TARGET, target.topic, hours[0] + " " + hours[1] + " " + hours[2]).where(
            target.priority == sa.bindparam("priority", type_=target.priority.type)
        ),
    ]
