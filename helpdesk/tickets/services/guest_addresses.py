"""Addresses of people from outside go some time after they were last let in; what they wrote stays, by their name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.notifications.models import Delivery, OutboxMessage, OutboxState
from helpdesk.notifications.private_links import DOTS
from helpdesk.tickets.models import EventKind, TicketEvent, TicketGuest
from helpdesk.tickets.services.mails import guest_group

_NAMING = (EventKind.GUEST_INVITED, EventKind.GUEST_ENDED)


def guests_over(before: datetime) -> sa.Select[int]:
    """Numbers of the guests whose access ended before that moment and whose address is still kept."""
    over = sa.func.coalesce(TicketGuest.ended_at, TicketGuest.expires_at) < before
    return sa.select(TicketGuest.id).where(TicketGuest.email != "", over).order_by(TicketGuest.id)


def forget_addresses(session: Session, ids: Sequence[int]) -> None:
    """Take the addresses of those guests away: of the guest, the ticket's history, and the mails sent to it.

    The audit trail keeps them, as it keeps everything.
    """
    for guest in session.scalars(sa.select(TicketGuest).where(TicketGuest.id.in_(ids))):
        _out_of_history(session, guest)
        _out_of_mails(session, guest)
        guest.ended_at = guest.ended_at or guest.expires_at
        guest.link_hash = guest.visit_hash = guest.visit_until = None
        guest.name = DOTS if guest.name == guest.email[:120] else guest.name
        guest.email = ""
        session.flush()


def _out_of_history(session: Session, guest: TicketGuest) -> None:
    """Unless the same address was invited again and its later time is not over."""
    later = sa.select(TicketGuest.id).where(
        TicketGuest.ticket_id == guest.ticket_id, TicketGuest.email == guest.email, TicketGuest.id != guest.id
    )
    if session.scalars(later.limit(1)).first() is not None:
        return
    events = sa.select(TicketEvent).where(TicketEvent.ticket_id == guest.ticket_id, TicketEvent.kind.in_(_NAMING))
    for event in session.scalars(events):
        if event.data.get("person") in {guest.email, guest.email[:120]}:
            event.data = {**event.data, "person": DOTS}


def _out_of_mails(session: Session, guest: TicketGuest) -> None:
    sent = (OutboxMessage.group_key == guest_group(guest), OutboxMessage.state != OutboxState.QUEUED)
    ids = session.scalars(sa.select(OutboxMessage.id).where(*sent)).all()
    session.execute(sa.update(Delivery).where(Delivery.message_id.in_(ids)).values(address=""))
    gone = {"body": "", "payload": {}, "recipient_name": DOTS}
    session.execute(sa.update(OutboxMessage).where(OutboxMessage.id.in_(ids)).values(gone))
