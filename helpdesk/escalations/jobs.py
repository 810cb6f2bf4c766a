"""What the worker does for this slice."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from helpdesk.escalations.services import Calendars, close_told_cases, remind_of_follow_ups, watch_credits
from helpdesk.jobs import Every, register
from helpdesk.workcalendar.current import current_calendar
from helpdesk.workcalendar.services import vnet_calendar

FOLLOW_UPS: Final = "escalations.follow_ups"
CREDITS: Final = "escalations.credits"


def schedule(partner_zone: str) -> None:
    """Register the jobs of this slice; `partner_zone` names the zone of our own working time."""

    def follow_up(session: Session, now: datetime) -> None:
        calendars = Calendars(vnet=vnet_calendar(), partner=current_calendar(session, zone=partner_zone))
        close_told_cases(session, now=now)
        remind_of_follow_ups(session, now=now, calendars=calendars)

    def credit(session: Session, now: datetime) -> None:
        watch_credits(session, now=now)

    register(FOLLOW_UPS, Every(minutes=10), follow_up)
    register(CREDITS, Every(minutes=60), credit)
