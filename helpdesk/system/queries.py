"""How the installation does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.audit.models import AuditEntry
from helpdesk.jobs import PeriodicRun
from helpdesk.notifications.models import OutboxMessage, OutboxState
from helpdesk.system.services import CREATED, DRILLED


@dataclass(frozen=True, slots=True)
class JobRun:
    """A periodic job and when it was last done."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Deed:
    """A snapshot or a drill: when, and what it held."""

    at: datetime
    what: dict[str, Any]


def mails_by_state(session: Session) -> dict[OutboxState, int]:
    """How many mails wait, and how many could not be sent; those that were sent are not counted."""
    counted = (
        select(OutboxMessage.state, func.count().label("mails"))
        .where(OutboxMessage.state.in_((OutboxState.QUEUED, OutboxState.DEAD)))
        .group_by(OutboxMessage.state)
    )
    return {row.state: row.mails for row in session.execute(counted)}


def last_runs(session: Session) -> list[JobRun]:
    """When each periodic job was last done, by name."""
    latest = select(PeriodicRun.name, func.max(PeriodicRun.at)).group_by(PeriodicRun.name).order_by(PeriodicRun.name)
    return [JobRun(name, at) for name, at in session.execute(latest)]


def last_snapshot_deeds(session: Session) -> tuple[Deed | None, Deed | None]:
    """The last snapshot that was taken, and the last that was proved by a drill; two statements."""
    return _last(session, CREATED), _last(session, DRILLED)


def _last(session: Session, action: str) -> Deed | None:
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id.desc()).limit(1)
    ).first()
    return Deed(entry.at, entry.after or {}) if entry is not None else None
