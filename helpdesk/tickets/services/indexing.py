"""Telling the search what tickets say: once for the desk, once, without internal notes, for the customer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import Customer
from helpdesk.search.contracts import LOCALES, SearchDocument
from helpdesk.search.services import index_document
from helpdesk.tickets.models import MessageKind, Ticket, TicketMessage, TicketTag, TicketToIndex
from helpdesk.tickets.rules.found import PORTAL_KIND, STAFF_AUDIENCE, STAFF_KIND, audience_of

_BATCH: Final = 100
_TEXT_MAX: Final = 60_000


def index_waiting_tickets(session: Session, *, now: datetime, limit: int = _BATCH) -> int:
    """Index the next tickets that changed; how many rows of the queue were taken."""
    waiting = session.execute(
        sa.select(TicketToIndex.id, TicketToIndex.ticket_id).order_by(TicketToIndex.id).limit(limit)
    ).all()
    if waiting:
        index_tickets(session, sorted({row.ticket_id for row in waiting}), now=now)
        session.execute(sa.delete(TicketToIndex).where(TicketToIndex.id.in_([row.id for row in waiting])))
    return len(waiting)


def index_tickets(session: Session, ids: Sequence[int], *, now: datetime) -> None:
    """Make these tickets findable as they stand now."""
    messages, tags = _messages(session, ids), _tags(session, ids)
    statement = (
        sa.select(Ticket).where(Ticket.id.in_(ids)).options(joinedload(Ticket.customer), joinedload(Ticket.invoice))
    )
    for ticket in session.scalars(statement):
        for document in documents_of(ticket, ticket.customer, messages[ticket.id], tags[ticket.id]):
            index_document(session, document, now=now)


def documents_of(
    ticket: Ticket, customer: Customer, said: Sequence[TicketMessage], tags: Sequence[str]
) -> tuple[SearchDocument, SearchDocument]:
    """What is found of a ticket by the desk, and, without internal notes and tags, by the customer's people."""
    public = [message for message in said if message.kind is MessageKind.PUBLIC]
    words = (*tags, customer.name, customer.domain)
    return (
        _document(ticket, STAFF_KIND, STAFF_AUDIENCE, said, words),
        _document(ticket, PORTAL_KIND, audience_of(customer.id), public, ()),
    )


def _messages(session: Session, ids: Sequence[int]) -> dict[int, list[TicketMessage]]:
    found: dict[int, list[TicketMessage]] = defaultdict(list)
    statement = sa.select(TicketMessage).where(TicketMessage.ticket_id.in_(ids)).order_by(TicketMessage.id)
    for message in session.scalars(statement):
        found[message.ticket_id].append(message)
    return found


def _tags(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    statement = (
        sa.select(TicketTag.ticket_id, TicketTag.tag).where(TicketTag.ticket_id.in_(ids)).order_by(TicketTag.tag)
    )
    for ticket_id, tag in session.execute(statement):
        found[ticket_id].append(tag)
    return found


def _document(
    ticket: Ticket, kind: str, audience: str, said: Sequence[TicketMessage], words: tuple[str, ...]
) -> SearchDocument:
    rooms = {STAFF_KIND: f"/work/tickets/{ticket.ref}", PORTAL_KIND: f"/tickets/{ticket.ref}"}
    return SearchDocument(
        kind=kind,
        object_id=ticket.id,
        locale=ticket.locale if ticket.locale in LOCALES else "en",
        audience=audience,
        slug=ticket.ref,
        title=ticket.subject,
        url=rooms[kind],
        updated_at=ticket.updated_at,
        headings=(ticket.ref, *((ticket.invoice.number,) if ticket.invoice else ())),
        tags=words,
        body="\n".join(message.body for message in said)[:_TEXT_MAX],
    )
