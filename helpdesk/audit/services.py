"""Writing the audit trail."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.audit.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a deed came from: the network address and the request."""

    address: str | None = None
    request_id: str | None = None


origin: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 - frozen


def record(
    session: Session,
    action: str,
    *,
    object_type: str,
    object_id: object,
    actor_id: int | None,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEntry:
    """Add one entry to the caller's transaction. `action` reads like `ticket.resolved`."""
    here = origin.get()
    entry = AuditEntry(
        at=now,
        actor_id=actor_id,
        action=action,
        object_type=object_type,
        object_id=str(object_id),
        before=before,
        after=after,
        address=here.address,
        request_id=here.request_id,
    )
    session.add(entry)
    return entry
