"""What the worker does for personal data."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy.orm import Session

from helpdesk.extensions import settings
from helpdesk.jobs import Daily, register
from helpdesk.privacy.retention import retain


def keep_to_retention(session: Session, now: datetime) -> None:
    """Throw away what is over its time, where the operator switched that on."""
    here = settings()
    if here.retention == "on":
        retain(session, here, actor_id=None, now=now)


register("privacy.retention", Daily(at=time(4, 10)), keep_to_retention)
