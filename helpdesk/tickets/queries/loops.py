"""Resolutions and how they ended."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.notifications.models import Delivery, DeliveryState, OutboxMessage
from helpdesk.tickets.models import Ticket, TicketEvent, TicketState
from helpdesk.tickets.rules.loops import LOOP_EVENTS, Happened, Loop, loops_of


def loops_since(session: Session, since: datetime) -> list[Loop]:
    """Resolutions since then, with their endings; two statements."""
    statement = (
        sa.select(TicketEvent.ticket_id, Ticket.topic, TicketEvent.kind, TicketEvent.at)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(TicketEvent.kind.in_(LOOP_EVENTS), TicketEvent.at >= since)
        .order_by(TicketEvent.id)
    )
    events = [Happened(*row) for row in session.execute(statement)]
    return loops_of(events, undelivered=undelivered_explanations(session))


def undelivered_explanations(session: Session) -> set[int]:
    """Resolved tickets whose latest explanation did not reach who asked."""
    latest = (
        sa.select(Delivery.state)
        .join(OutboxMessage, OutboxMessage.id == Delivery.message_id)
        .where(
            Delivery.subject_type == "ticket",
            Delivery.subject_id == Ticket.id,
            OutboxMessage.kind == "ticket_resolved",
            OutboxMessage.recipient_id == Ticket.requester_id,
            OutboxMessage.created_at >= Ticket.resolved_at,
        )
        .order_by(Delivery.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    failed = (DeliveryState.BOUNCED, DeliveryState.FAILED)
    statement = sa.select(Ticket.id).where(Ticket.state == TicketState.RESOLVED, latest.in_(failed))
    return set(session.scalars(statement))
