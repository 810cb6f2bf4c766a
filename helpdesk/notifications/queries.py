"""What became of the mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import BindParameter, ScalarSelect, bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.db import Base
from helpdesk.jobs import WorkerBeat
from helpdesk.notifications.models import Delivery, NotificationChoice, OutboxMessage, OutboxState, Way
from helpdesk.notifications.rules import WORKER_LATE_AFTER, is_late
from helpdesk.web.pagination import Page, cut

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
    return cut(session.scalars(statement).all(), PAGE_ROWS, lambda mail: mail.id)


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


def mail_pause(session: Session, now: datetime) -> WorkerBeat | None:
    """What a running worker said last of a mail server that it cannot reach, or None where mail flows."""
    statement = select(WorkerBeat).where(
        WorkerBeat.mail_paused_until.is_not(None), WorkerBeat.at >= now - WORKER_LATE_AFTER
    )
    return session.scalars(statement.order_by(WorkerBeat.at.desc()).limit(1)).first()


def worker_is_late(session: Session, now: datetime) -> bool:
    """Whether mail is delayed because no worker runs."""
    return is_late(last_sign_of_worker(session), now=now)


UNREAD_SHOWN: Final = 99
"""Counting stops there."""


def notifications_page(session: Session, user_id: int, *, before: int | None = None) -> Page[OutboxMessage]:
    """What one person was told, by mail or in the portal alone, newest first; one statement."""
    statement = (
        select(OutboxMessage)
        .where(OutboxMessage.recipient_id == user_id)
        .options(joinedload(OutboxMessage.delivery))
        .order_by(OutboxMessage.id.desc())
        .limit(PAGE_ROWS + 1)
    )
    if before is not None:
        statement = statement.where(OutboxMessage.id < before)
    return cut(session.scalars(statement).all(), PAGE_ROWS, lambda mail: mail.id)


def unread_by(person: BindParameter[int]) -> ScalarSelect[int]:
    """How many of them one person has not read, as a column; at most one more than `UNREAD_SHOWN`."""
    unread = (
        select(OutboxMessage.id)
        .where(OutboxMessage.recipient_id == person, OutboxMessage.read_at.is_(None))
        .limit(UNREAD_SHOWN + 1)
        .subquery()
    )
    return select(func.count()).select_from(unread).scalar_subquery()


def unread_count(session: Session, user_id: int) -> int:
    """The same figure by itself."""
    return session.scalars(select(unread_by(bindparam("person", user_id)))).one()


def ways_of(session: Session, user_id: int) -> dict[str, Way]:
    """What one person chose, by kind."""
    statement = select(NotificationChoice).where(NotificationChoice.user_id == user_id)
    return {choice.kind: choice.way for choice in session.scalars(statement)}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who gets a digest; read by the table's name, because people are of a higher slice."""

    id: int
    email: str
    name: str
    locale: str
    time_zone: str


def waiting_for_digest(session: Session) -> list[tuple[Reader, OutboxMessage]]:
    """What people wanted in one mail a day and did not get yet, by person and time; those who left get nothing."""
    people = Base.metadata.tables["user_account"]
    statement = (
        select(people.c.id, people.c.email, people.c.name, people.c.locale, people.c.time_zone, OutboxMessage)
        .join(people, people.c.id == OutboxMessage.recipient_id)
        .join(
            NotificationChoice,
            (NotificationChoice.user_id == OutboxMessage.recipient_id)
            & (NotificationChoice.kind == OutboxMessage.kind),
        )
        .where(
            NotificationChoice.way == Way.DIGEST,
            OutboxMessage.state == OutboxState.PORTAL_ONLY,
            OutboxMessage.digested_at.is_(None),
            people.c.disabled_at.is_(None),
        )
        .order_by(OutboxMessage.recipient_id, OutboxMessage.id)
    )
    return [(Reader(*row[:5]), row[5]) for row in session.execute(statement)]
