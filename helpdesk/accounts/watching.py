"""What the audit trail keeps of reading: whose data staff looked at, and what anyone took out of the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from flask import Flask, Response, g, request
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer
from helpdesk.audit.models import AuditEntry
from helpdesk.audit.services import record
from helpdesk.clock import utc_now
from helpdesk.permissions import Role
from helpdesk.web.afterwards import afterwards
from helpdesk.web.guards import current_actor

_ONCE_IN: Final = timedelta(days=1)
_FAILED: Final = 400
_TABLES: Final = frozenset({"text/csv", "application/zip"})


class Watched(StrEnum):
    """What is written down of reading."""

    SEEN = "customer.seen"
    EXPORTED = "export.made"


@dataclass(frozen=True, slots=True)
class _Reading:
    """What this request reads, to be written down when it succeeds."""

    action: Watched
    object_type: str
    object_id: str
    after: dict[str, Any] | None = None
    only_daily: bool = False


def note_seen(customer: Customer) -> None:
    """Have it written down, once a day, that this member of staff looked at a customer's data."""
    actor = current_actor()
    if actor is not None and Role(actor.role).is_staff:
        g.reading = _Reading(Watched.SEEN, "customer", customer.public_id, only_daily=True)


def _taken_out(response: Response) -> _Reading | None:
    """What a download of a table or an archive is written down as, whichever page gives it."""
    if response.mimetype not in _TABLES or not response.headers.get("Content-Disposition", "").startswith("attach"):
        return None
    return _Reading(
        Watched.EXPORTED, "export", str(request.endpoint)[:60], {"address": request.full_path.rstrip("?")[:500]}
    )


def init_app(app: Flask) -> None:
    """Write once an answer that succeeded is sent, in a transaction of its own: the request itself may only read."""

    @app.after_request
    def _write(response: Response) -> Response:
        reading, actor = g.pop("reading", None) or _taken_out(response), current_actor()
        if reading is not None and actor is not None and response.status_code < _FAILED:
            actor_id, now = int(actor.id), utc_now()
            afterwards(response, lambda session: _keep(session, reading, actor_id=actor_id, now=now))
        return response


def _keep(session: Session, reading: _Reading, *, actor_id: int, now: datetime) -> None:
    if reading.only_daily and _known(session, reading, actor_id=actor_id, since=now - _ONCE_IN):
        return
    record(
        session,
        reading.action,
        object_type=reading.object_type,
        object_id=reading.object_id,
        actor_id=actor_id,
        now=now,
        after=reading.after,
    )


def _known(session: Session, reading: _Reading, *, actor_id: int, since: datetime) -> bool:
    known = sa.select(AuditEntry.id).where(
        AuditEntry.object_type == reading.object_type,
        AuditEntry.object_id == reading.object_id,
        AuditEntry.action == reading.action,
        AuditEntry.actor_id == actor_id,
        AuditEntry.at > since,
    )
    return session.scalars(known.limit(1)).first() is not None
