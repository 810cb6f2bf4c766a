"""What the worker does by itself: the daily run, orders to Partner Center, and ending what is paid."""

from __future__ import annotations

from datetime import datetime, time
from typing import Final

from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.clock import utc_now
from helpdesk.collections.rules.schedule import WorkDays
from helpdesk.collections.services import run_dunning, settle_paid
from helpdesk.collections.services.carrying import carry_out_next
from helpdesk.config import Settings
from helpdesk.extensions import db
from helpdesk.jobs import Daily, Every, register, register_loop
from helpdesk.partner_center.wiring import partner_center, writes_on
from helpdesk.workcalendar.current import current_calendar

_MINUTES: Final = 5
_RUNS_AT: Final = time(9)
"""People are told in the morning, when somebody is there to answer. Our choice."""
DUNNING: Final = "collections.dunning"
SETTLING: Final = "collections.settle"
ORDERS: Final = "collections.orders"


def settle_paid_notices(session: Session, now: datetime) -> int:
    """End every notice on which nothing is left; give how many."""
    return len(settle_paid(session, now=now))


def schedule(partner_zone: str) -> None:
    """Register the jobs of this slice; `partner_zone` names the zone of our own working time."""

    def dun(session: Session, now: datetime) -> None:
        run_dunning(session, now=now, calendar=current_calendar(session, zone=partner_zone))

    register(DUNNING, Daily(at=_RUNS_AT, zone=partner_zone), dun)


def carry_out(app: Flask) -> bool:
    """Carry the next order to Partner Center out; with the kill switch off, orders wait."""
    settings: Settings = app.config["HELPDESK"]
    if not writes_on(settings):
        return False

    def calendar_of(session: Session) -> WorkDays:
        return current_calendar(session, zone=settings.partner_time_zone)

    with app.app_context():
        return carry_out_next(db.sessionmaker, lambda: partner_center(settings), now=utc_now(), calendar_of=calendar_of)


register(SETTLING, Every(minutes=_MINUTES), settle_paid_notices)
register_loop(ORDERS, carry_out)
