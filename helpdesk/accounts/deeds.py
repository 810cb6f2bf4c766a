"""Writing down what was done to somebody's account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record


def write_down(
    session: Session,
    action: str,
    person: User | None,
    *,
    by: User | None,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add an entry about a person's account to the trail; None is an address that nobody has, or nobody signed in."""
    record(
        session,
        action,
        object_type="user",
        object_id=person.id if person else "unknown",
        actor_id=by.id if by else None,
        now=now,
        before=before,
        after=after,
    )
