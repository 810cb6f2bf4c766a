"""Whose turn it is to read Partner Center, and what is written down about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.accounts.queries import administrators
from helpdesk.billing.models.readings import READING_ID, PartnerCenterReading
from helpdesk.billing.queries.readings import partner_center_reading
from helpdesk.errors import DomainError
from helpdesk.notifications.services import queue_mail
from helpdesk.partner_center.errors import Throttled

SILENCE: Final = timedelta(minutes=15)
"""After so long without a sign of life another worker reads: a wait that Partner Center asks for is shorter."""
FIRST_PAUSE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Turn:
    """One worker's turn."""

    worker: str
    began_at: datetime


def is_due(session: Session, *, now: datetime) -> bool:
    """Whether it is time to read and nobody does."""
    reading = partner_center_reading(session)
    if reading is None:
        return True
    is_free = not reading.worker or reading.seen_at is None or reading.seen_at < now - SILENCE
    return is_free and reading.next_at <= now


def take_turn(session: Session, *, worker: str, now: datetime) -> Turn | None:
    """Begin to read, unless another worker was quicker; the caller commits at once."""
    if partner_center_reading(session) is None and not _added(session, now=now):
        return None
    row = PartnerCenterReading
    is_free = sa.or_(row.worker == "", row.seen_at.is_(None), row.seen_at < now - SILENCE)
    begin = sa.update(row).where(row.id == READING_ID, row.next_at <= now, is_free)
    taken = session.execute(begin.values(worker=worker, began_at=now, seen_at=now))
    return Turn(worker, now) if taken.rowcount == 1 else None  # type: ignore[attr-defined]


def _added(session: Session, *, now: datetime) -> bool:
    try:
        with session.begin_nested():
            session.add(PartnerCenterReading(id=READING_ID, next_at=now))
    except IntegrityError:
        return False
    return True


def show_life(session: Session, turn: Turn, *, now: datetime) -> None:
    """Say that the reading goes on."""
    session.execute(_mine(turn).values(seen_at=now))


def note_read(session: Session, turn: Turn, *, figures: Mapping[str, int], every: timedelta, now: datetime) -> None:
    """Write down what was read; the next reading is after `every`."""
    session.execute(
        _mine(turn).values(
            worker="", ended_at=now, done_at=now, next_at=now + every, figures=dict(figures), failures=0, problem=None
        )
    )


def note_failed(session: Session, turn: Turn, problem: DomainError, *, every: timedelta, now: datetime) -> None:
    """Write down why it failed, wait longer each time, and tell the administrators of the first one in a row."""
    reading = partner_center_reading(session)
    failures = 1 + (reading.failures if reading else 0)
    said = {"sentence": problem.sentence, "values": {name: str(value) for name, value in problem.values.items()}}
    next_at = now + max(pause_after(failures, every=every), _asked_for(problem))
    noted = session.execute(
        _mine(turn).values(worker="", ended_at=now, next_at=next_at, failures=failures, problem=said)
    )
    if noted.rowcount == 1 and failures == 1:  # type: ignore[attr-defined]
        _tell(session, now=now)


def pause_after(failures: int, *, every: timedelta) -> timedelta:
    """How long is waited after so many failures in a row: 5 minutes, doubled each time, at most `every`."""
    doublings: int = 2 ** min(failures - 1, 16)
    return min(every, FIRST_PAUSE * doublings)


def _asked_for(problem: DomainError) -> timedelta:
    """How long Partner Center itself asks us to wait."""
    return timedelta(seconds=int(str(problem.values["seconds"]))) if isinstance(problem, Throttled) else timedelta()


def _mine(turn: Turn) -> sa.Update:
    """The row, as long as the turn was not taken over."""
    row = PartnerCenterReading
    mine = (row.id == READING_ID, row.worker == turn.worker, row.began_at == turn.began_at)
    return sa.update(row).where(*mine).execution_options(synchronize_session=False)


def _tell(session: Session, *, now: datetime) -> None:
    for person in administrators(session):
        queue_mail(
            session,
            kind="partner_center_unread",
            recipient=person,
            subject_type="user",
            subject_id=person.id,
            group_key="partner_center",
            dedupe_key=f"partner_center_unread:{now.isoformat()}:{person.id}",
            payload={"at": now.isoformat(), "url": "/work/billing/payable"},
            now=now,
        )
