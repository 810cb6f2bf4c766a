"""What the worker does for the knowledge base: planned changes, reminders, tidying."""

from __future__ import annotations

from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from helpdesk.jobs import Daily, Every, register
from helpdesk.kb.services.desk import tidy_desks
from helpdesk.kb.services.planning import remind_owners, run_plans

_REMIND_AT: Final = time(8, 30)
_TIDY_AT: Final = time(4, 0)


def do_what_was_planned(session: Session, now: datetime) -> int:
    """Publish and take away what is due."""
    return run_plans(session, now=now)


def tidy(session: Session, now: datetime) -> int:
    """Forget desks that were left long ago."""
    return tidy_desks(session, now=now)


def schedule(partner_zone: str) -> None:
    """Register the daily jobs in the partner's time zone."""

    def remind(session: Session, now: datetime) -> int:
        return remind_owners(session, today=now.astimezone(ZoneInfo(partner_zone)).date(), now=now)

    register("kb.reminders", Daily(at=_REMIND_AT, zone=partner_zone), remind)
    register("kb.tidy", Daily(at=_TIDY_AT, zone=partner_zone), tidy)


register("kb.plans", Every(minutes=1), do_what_was_planned)
