"""What became of the mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.jobs import WorkerBeat
from helpdesk.notifications.models import Delivery, OutboxMessage, OutboxState
from helpdesk.notifications.rules import is_late
from helpdesk.web.pagination import Page

PAGE_ROWS: Final = 50


class OutboxFilter(StrEnum):
    """Which mails the outbox page lists."""

    ALL = "all"
    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


_STATES: Final[dict[OutboxFilter, tuple[OutboxState, ...]]] = {
    OutboxFilter.ALL: tuple(OutboxState),
    OutboxFilter.WAITING: (OutboxState.QUEUED,),
    OutboxFilter.SENT: (OutboxState.SENT,),
    OutboxFilter.DEAD: (OutboxState.DEAD, OutboxState.DROPPED),
}


def deliveries_about(session: Session, subject_type: str, subject_id: int) -> list[Delivery]:
    """Every mail about one thing, oldest first, each with its message; one statement."""
    statement = (
        select(Delivery)
        .where(Delivery.subject_type == subject_type, Delivery.subject_id == subject_id)
        .options(joinedload(Delivery.message))
        .order_by(Delivery.id)
    )
    return list(session.scalars(statement))


def outbox_page(session: Session, chosen: OutboxFilter, *, before: int | None = None) -> Page[OutboxMessage]:
    """Mails, newest first, each with its delivery; one statement. `before` is the key of the page before."""
    statement = (
        select(OutboxMessage)
        .where(OutboxMessage.state.in_(_STATES[chosen]))
        .options(joinedload(OutboxMessage.delivery))
        .order_by(OutboxMessage.id.desc())
        .limit(PAGE_ROWS + 1)
    )
    if before is not None:
        statement = statement.where(OutboxMessage.id < before)
    rows: Sequence[OutboxMessage] = session.scalars(statement).all()
    more = len(rows) > PAGE_ROWS
    return Page(rows[:PAGE_ROWS], str(rows[PAGE_ROWS - 1].id) if more else None)


def outbox_message(session: Session, public_id: str) -> OutboxMessage | None:
    """One mail, by its public id."""
    statement = (
        select(OutboxMessage).where(OutboxMessage.public_id == public_id).options(joinedload(OutboxMessage.delivery))
    )
    return session.scalars(statement).one_or_none()


def waiting_count(session: Session) -> int:
    """How many mails are not sent yet."""
    statement = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state == OutboxState.QUEUED)
    return session.scalars(statement).one()


def last_sign_of_worker(session: Session) -> datetime | None:
    """When any worker last said that it runs."""
    return session.scalars(select(func.max(WorkerBeat.at)).select_from(WorkerBeat)).one()


def worker_is_late(session: Session, now: datetime) -> bool:
    """Whether mail is delayed because no worker runs."""
    return is_late(last_sign_of_worker(session), now=now)
