"""What the desk keeps: prepared answers, tags, views of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import User
from helpdesk.tickets.models import (
    LinkKind,
    Macro,
    SavedView,
    Ticket,
    TicketCopy,
    TicketGuest,
    TicketLink,
    TicketTag,
    Topic,
)


def macros_for(session: Session, topic: Topic | None = None) -> list[Macro]:
    """All prepared answers, those for `topic` first."""
    found = session.scalars(sa.select(Macro).order_by(Macro.name)).all()
    return sorted(found, key=lambda macro: (macro.topic is not topic, macro.name))


def macro_of(session: Session, public_id: str) -> Macro | None:
    """A prepared answer."""
    return session.scalars(sa.select(Macro).where(Macro.public_id == public_id)).one_or_none()


def tags_of(session: Session, ticket_id: int) -> list[str]:
    """Tags of a ticket, by alphabet."""
    statement = sa.select(TicketTag.tag).where(TicketTag.ticket_id == ticket_id).order_by(TicketTag.tag)
    return list(session.scalars(statement))


@dataclass(frozen=True, slots=True)
class Offered:
    """A prepared answer as a choice."""

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
class Desk:
    """What a ticket's page offers beside the conversation."""

    tags: list[str]
    macros: list[Offered]
    links: list[Linked]
    followers: list[str]
    """Names of colleagues of the requester who follow the ticket."""
    guests: list[str]
    """The same of those who were invited from outside and came."""


_GUEST, _COPY, _AWAY, _BACK, _TAG = -4, -3, -2, -1, 0


def desk_of(session: Session, ticket: Ticket, *, now: datetime) -> Desk:
    """Tags, links and readers of a ticket, and the prepared answers, those for its topic first; one statement."""
    tags = sa.select(sa.literal(0), TicketTag.tag, sa.literal("")).where(TicketTag.ticket_id == ticket.id)
    rank = sa.case((Macro.topic == ticket.topic, 1), else_=2)
    macros = sa.select(rank, Macro.name, Macro.public_id)
    rows = sorted(
        (int(kind), str(name), str(key))
        for kind, name, key in session.execute(sa.union_all(*_links(ticket), *_readers(ticket, now), tags, macros))
    )
    return Desk(
        tags=[name for kind, name, _ in rows if kind == _TAG],
        macros=[Offered(key, name) for kind, name, key in rows if kind > _TAG],
        links=[
            Linked(int(key), LinkKind(name), away=kind == _AWAY) for kind, name, key in rows if kind in {_AWAY, _BACK}
        ],
        followers=[name for kind, name, _ in rows if kind == _COPY],
        guests=[name for kind, name, _ in rows if kind == _GUEST],
    )


def _readers(ticket: Ticket, now: datetime) -> list[sa.Select[int, str, str]]:
    """Who of the customer's side reads a ticket beside the requester."""
    return [
        sa.select(sa.literal(_COPY), User.name, sa.literal(""))
        .join_from(TicketCopy, User, User.id == TicketCopy.user_id)
        .where(TicketCopy.ticket_id == ticket.id, User.id != ticket.requester_id, User.disabled_at.is_(None)),
        sa.select(sa.literal(_GUEST), TicketGuest.name, sa.literal("")).where(
            TicketGuest.ticket_id == ticket.id,
            TicketGuest.came_at.is_not(None),
            TicketGuest.ended_at.is_(None),
            TicketGuest.expires_at > now,
        ),
    ]


def _links(ticket: Ticket) -> list[sa.Select[int, str, str]]:
    """Both ends of a link see the other."""
    number = sa.cast(Ticket.number, sa.String)
    kind = sa.cast(TicketLink.kind, sa.String)
    return [
        sa.select(sa.literal(_AWAY), kind, number)
        .join_from(TicketLink, Ticket, Ticket.id == TicketLink.other_id)
        .where(TicketLink.ticket_id == ticket.id),
        sa.select(sa.literal(_BACK), kind, number)
        .join_from(TicketLink, Ticket, Ticket.id == TicketLink.ticket_id)
        .where(TicketLink.other_id == ticket.id),
    ]


@dataclass(frozen=True, slots=True)
class Named:
    """A prepared answer to choose."""

    public_id: str
    name: str


def queue_choices(session: Session, *, limit: int = 60) -> tuple[list[Named], list[str]]:
    """Prepared answers by name, and the first tags there are by alphabet; one statement."""
    tags = _tags_in_use(limit)
    statement = sa.union_all(
        sa.select(sa.literal("macro").label("kind"), Macro.public_id, Macro.name),
        sa.select(sa.literal("tag").label("kind"), sa.literal(""), tags.c.tag),
    )
    found = session.execute(statement).all()
    macros = sorted(
        (Named(public_id, name) for kind, public_id, name in found if kind == "macro"), key=attrgetter("name")
    )
    return macros, sorted(name for kind, _nothing, name in found if kind == "tag")


def _tags_in_use(limit: int) -> sa.Subquery:
    """Each tag once, found by walking the index from tag to tag: a plain DISTINCT reads every row of it."""
    walk = sa.select(sa.func.min(TicketTag.tag).label("tag")).cte("walk", recursive=True)
    following = sa.select(sa.func.min(TicketTag.tag)).where(TicketTag.tag > walk.c.tag).scalar_subquery()
    walk = walk.union_all(sa.select(following).where(walk.c.tag.is_not(None)))
    return sa.select(walk.c.tag).where(walk.c.tag.is_not(None)).limit(limit).subquery()


def views_of(session: Session, user: User) -> list[SavedView]:
    """An agent's own views, then those that colleagues share."""
    statement = (
        sa.select(SavedView)
        .where(sa.or_(SavedView.owner_id == user.id, SavedView.shared))
        .options(joinedload(SavedView.owner))
        .order_by(SavedView.name, SavedView.id)
    )
    return sorted(session.scalars(statement), key=lambda view: view.owner_id != user.id)


def own_view(session: Session, user: User, public_id: str) -> SavedView | None:
    """A view of this person's own."""
    statement = sa.select(SavedView).where(SavedView.owner_id == user.id, SavedView.public_id == public_id)
    return session.scalars(statement).one_or_none()


def macro_values(ticket: Ticket, *, agent: str, link: str, due: str) -> dict[str, str]:
    """What the variables of a prepared answer mean on this ticket."""
    return {
        "customer.name": ticket.customer.name,
        "requester.name": ticket.requester.name,
        "agent.name": agent,
        "ticket.ref": ticket.ref,
        "ticket.subject": ticket.subject,
        "ticket.link": link,
        "invoice.number": ticket.invoice.number if ticket.invoice else "",
        "answer.due": due,
    }
