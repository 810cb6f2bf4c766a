"""Resolved tickets that the customer did not answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from helpdesk.limits import AUTOCLOSE_WORKING_DAYS
from helpdesk.notifications.models import Delivery, DeliveryState, OutboxMessage
from helpdesk.tickets.models import Ticket, TicketState


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A resolved ticket, and when its explanation reached the person who asked."""

    ticket: Ticket
    delivered_at: datetime


def unanswered_tickets(session: Session, *, now: datetime) -> list[Unanswered]:
    """Resolved tickets whose latest explanation was accepted by the requester's mail server; one statement.

    An explanation that came back, or still waits, is not delivered: its ticket is not listed. Working days are
    for the caller; calendar days, which are never more, are enough to leave out most of what is too young.
    """
    explanation = (
        sa.select(Delivery.at)
        .join(OutboxMessage, OutboxMessage.id == Delivery.message_id)
        .where(
            Delivery.subject_type == "ticket",
            Delivery.subject_id == Ticket.id,
            Delivery.state == DeliveryState.ACCEPTED,
            OutboxMessage.kind == "ticket_resolved",
            OutboxMessage.recipient_id == Ticket.requester_id,
            OutboxMessage.created_at >= Ticket.resolved_at,
        )
        .order_by(Delivery.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        sa.select(Ticket, explanation)
        .where(
            Ticket.state == TicketState.RESOLVED,
            Ticket.resolved_at <= now - timedelta(days=AUTOCLOSE_WORKING_DAYS),
            explanation.is_not(None),
        )
        .options(joinedload(Ticket.requester), joinedload(Ticket.customer))
        .order_by(Ticket.id)
    )
    return [Unanswered(ticket, delivered_at) for ticket, delivered_at in session.execute(statement)]
