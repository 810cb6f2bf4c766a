"""What the worker does by itself: end notices whose invoices are paid."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from helpdesk.collections.services import settle_paid
from helpdesk.jobs import Every, register

_MINUTES: Final = 5


def settle_paid_notices(session: Session, now: datetime) -> int:
    """End every notice on which nothing is left; give how many."""
    return len(settle_paid(session, now=now))


register("collections.settle", Every(minutes=_MINUTES), settle_paid_notices)
