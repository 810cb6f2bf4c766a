"""What the desk keeps: prepared answers, tags, views of its own."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.tickets.models import Macro, SavedView, Ticket, TicketTag, Topic


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
