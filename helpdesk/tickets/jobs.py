"""What happens to tickets by itself."""

from __future__ import annotations

from datetime import datetime

import structlog
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.clock import utc_now
from helpdesk.db import only_read, writing
from helpdesk.extensions import db, settings
from helpdesk.jobs import Every, register, register_loop
from helpdesk.tickets.models import TicketToIndex
from helpdesk.tickets.queries import unanswered_tickets
from helpdesk.tickets.rules.loop import closes_itself_at
from helpdesk.tickets.services import close_unanswered
from helpdesk.tickets.services.drafts import forget_old_drafts
from helpdesk.tickets.services.indexing import index_waiting_tickets
from helpdesk.tickets.services.warnings import warn_of_breaches
from helpdesk.workcalendar.current import current_calendar

log = structlog.get_logger(__name__)


def autoclose(session: Session, now: datetime) -> int:
    """Close resolved tickets whose delivered explanation nobody answered for long enough; how many were closed."""
    calendar = current_calendar(session, zone=settings().partner_time_zone)
    closed = 0
    for found in unanswered_tickets(session, now=now):
        if now < closes_itself_at(found.delivered_at, calendar):
            continue
        close_unanswered(session, found.ticket, delivered_at=found.delivered_at, now=now, calendar=calendar)
        closed += 1
    if closed:
        log.info("tickets_closed_unanswered", count=closed)
    return closed


def forget_drafts(session: Session, now: datetime) -> int:
    """Throw away what was typed long ago and never sent."""
    return forget_old_drafts(session, now=now)


def read_for_search(app: Flask) -> bool:
    """Tell the search about the next tickets that changed; whether there were any."""
    with app.app_context():
        only_read(on=True)
        waiting = db.session.scalars(select(TicketToIndex.id).limit(1)).first()
        db.session.rollback()
        only_read(on=False)
        if waiting is None:
            return False
        with writing():
            done = index_waiting_tickets(db.session, now=utc_now())
            db.session.commit()
        return done > 0


register_loop("tickets.search", read_for_search)


def warn(session: Session, now: datetime) -> int:
    """Warn of promises that are due soon or broken."""
    calendar = current_calendar(session, zone=settings().partner_time_zone)
    return warn_of_breaches(session, now=now, calendar=calendar)


register("tickets.warnings", Every(minutes=5), warn)
register("tickets.drafts", Every(minutes=24 * 60), forget_drafts)
register("tickets.autoclose", Every(minutes=30), autoclose)
