"""What the worker does by itself: the daily run, and ending notices whose invoices are paid."""

from __future__ import annotations

from datetime import datetime, time
from typing import Final

from sqlalchemy.orm import Session

from helpdesk.collections.services import run_dunning, settle_paid
from helpdesk.jobs import Daily, Every, register
from helpdesk.workcalendar.current import current_calendar

_MINUTES: Final = 5
_RUNS_AT: Final = time(9)
"""People are told in the morning, when somebody is there to answer. Our choice."""
DUNNING: Final = "collections.dunning"
SETTLING: Final = "collections.settle"


def settle_paid_notices(session: Session, now: datetime) -> int:
    """End every notice on which nothing is left; give how many."""
    return len(settle_paid(session, now=now))


def schedule(partner_zone: str) -> None:
    """Register the jobs of this slice; `partner_zone` names the zone of our own working time."""

    def dun(session: Session, now: datetime) -> None:
        run_dunning(session, now=now, calendar=current_calendar(session, zone=partner_zone))

    register(DUNNING, Daily(at=_RUNS_AT, zone=partner_zone), dun)


register(SETTLING, Every(minutes=_MINUTES), settle_paid_notices)
