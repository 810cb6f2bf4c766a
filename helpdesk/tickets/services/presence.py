"""Who has a ticket open, so that two do not answer it at once. It is told, never locked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.tickets.models import Presence, Ticket

_GONE: Final = timedelta(seconds=40)
"""Pages say every 15 seconds that they are open; two may be missed."""


def others_here(session: Session, ticket: Ticket, *, by: User, writing: bool, now: datetime) -> list[tuple[str, bool]]:
    """Note that `by` is here; names of the others, and whether they are writing."""
    session.execute(sa.delete(Presence).where(Presence.at < now - _GONE))
    own = session.get(Presence, (ticket.id, by.id)) or Presence(ticket_id=ticket.id, user_id=by.id)
    own.writing, own.at = writing, now
    session.add(own)
    session.flush()
    statement = (
        sa.select(User.name, Presence.writing)
        .join(Presence, Presence.user_id == User.id)
        .where(Presence.ticket_id == ticket.id, Presence.user_id != by.id, Presence.at >= now - _GONE)
        .order_by(User.name)
    )
    return [(name, is_writing) for name, is_writing in session.execute(statement)]
