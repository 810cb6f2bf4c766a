"""What happens to tickets by itself."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from helpdesk.extensions import settings
from helpdesk.jobs import Every, register
from helpdesk.tickets.queries import unanswered_tickets
from helpdesk.tickets.rules.loop import closes_itself_at
from helpdesk.tickets.services import close_unanswered
from helpdesk.workcalendar.services import partner_calendar

log = structlog.get_logger(__name__)


def autoclose(session: Session, now: datetime) -> int:
    """Close resolved tickets whose delivered explanation nobody answered for long enough; how many were closed."""
    calendar = partner_calendar(settings().partner_time_zone)
    closed = 0
    for found in unanswered_tickets(session, now=now):
        if now < closes_itself_at(found.delivered_at, calendar):
            continue
        close_unanswered(session, found.ticket, delivered_at=found.delivered_at, now=now, calendar=calendar)
        closed += 1
    if closed:
        log.info("tickets_closed_unanswered", count=closed)
    return closed


register("tickets.autoclose", Every(minutes=30), autoclose)
