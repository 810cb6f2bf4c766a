"""Generated tickets are whole: messages, history, and what the search is told."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.demo.bulk import add_tickets
from helpdesk.search.models import IndexedDocument, OutboxRow
from helpdesk.tickets.models import MessageKind, Ticket, TicketMessage
from helpdesk.tickets.queries.finding import own_ticket_ids_about, ticket_ids_about
from tests.cast import Cast


def test_generated_tickets_have_four_messages_and_are_found(session: Session, cast: Cast, now: datetime) -> None:
    assert add_tickets(session, 40, now=now) == 40

    ticket = session.scalars(sa.select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()
    assert session.scalar(sa.select(sa.func.count()).select_from(TicketMessage)) == 160
    assert session.scalars(ticket_ids_about(session, ticket.ref, index=None)).all() == [ticket.id]
    assert session.scalars(own_ticket_ids_about(session, ticket.requester, ticket.ref, index=None)).all() == [ticket.id]
    assert session.scalar(sa.select(sa.func.count()).select_from(OutboxRow)) == 80


def test_what_a_generated_ticket_tells_its_customer_holds_no_internal_note(
    session: Session, cast: Cast, now: datetime
) -> None:
    add_tickets(session, 40, now=now)

    notes = set(session.scalars(sa.select(TicketMessage.body).where(TicketMessage.kind == MessageKind.INTERNAL)))
    public = set(session.scalars(sa.select(TicketMessage.body).where(TicketMessage.kind == MessageKind.PUBLIC)))
    told = session.scalars(sa.select(IndexedDocument.body).where(IndexedDocument.kind == "ticket_portal")).all()
    assert notes - public
    assert not [body for body in told for note in notes - public if note in body]
