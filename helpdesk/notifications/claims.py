"""Taking the next message that is due, so that no other worker takes it too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CTE, ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session, aliased, sessionmaker

from helpdesk.db import only_read, writing
from helpdesk.extensions import settings
from helpdesk.notifications.mime import Thread, message_id
from helpdesk.notifications.models import Delivery, OutboxMessage, OutboxState
from helpdesk.notifications.reply_address import guest_reply_address, reply_address
from helpdesk.notifications.rules import LEASE
from helpdesk.notifications.services import ANSWERED


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that is ours until its lease ends, with all that is needed to send it."""

    message: OutboxMessage
    """Detached; for reading only."""
    token: str
    address: str
    message_id: str
    thread: Thread
    reply_to: str = ""
    """The signed address for answers, where this installation takes mail in and the mail is about a ticket."""


def something_is_due(session_factory: sessionmaker[Session], *, now: datetime) -> bool:
    """Look, without SQLite's write lock, whether there is anything to claim."""
    only_read()
    try:
        with session_factory() as session:
            return session.scalars(select(OutboxMessage.id).where(*_is_due(now)).limit(1)).first() is not None
    finally:
        only_read(False)


def claim_next(session_factory: sessionmaker[Session], *, token: str, now: datetime) -> Claim | None:
    """Lease the message that has waited longest, in a transaction of its own.

    SQLite takes its write lock at BEGIN; PostgreSQL passes over rows that others hold.
    """
    with writing(), session_factory.begin() as session:
        due = _next_due(now)
        message = session.scalars(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(select(due.c.id)))
            .values(leased_until=now + LEASE, lease_owner=token, attempts=OutboxMessage.attempts + 1)
            .returning(OutboxMessage)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        if message is None:
            return None
        session.refresh(message)
        claim = _claim(session, message, token)
        session.flush()
        session.expunge(message)
        return claim


def _next_due(now: datetime) -> CTE:
    statement = (
        select(OutboxMessage.id)
        .where(*_is_due(now))
        .order_by(OutboxMessage.next_attempt_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return statement.cte("due")


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Waiting, not leased, and nothing earlier of its group still waits for the same person."""
    earlier = aliased(OutboxMessage)
    return (
        OutboxMessage.state == OutboxState.QUEUED,
        OutboxMessage.next_attempt_at <= now,
        or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until <= now),
        ~exists().where(
            earlier.group_key == OutboxMessage.group_key,
            earlier.recipient_id.is_not_distinct_from(OutboxMessage.recipient_id),
            earlier.id < OutboxMessage.id,
            earlier.state == OutboxState.QUEUED,
        ),
    )


def _claim(session: Session, message: OutboxMessage, token: str) -> Claim:
    delivery = session.scalars(select(Delivery).where(Delivery.message_id == message.id)).one()
    if "@" not in delivery.mail_message_id:
        delivery.mail_message_id = message_id(delivery.mail_message_id, settings().mail_from)
    return Claim(
        message,
        token,
        delivery.address,
        delivery.mail_message_id,
        _thread(session, message),
        reply_address_for(message, delivery),
    )


def reply_address_for(message: OutboxMessage, delivery: Delivery) -> str:
    """Where the recipient may answer by mail, or nothing."""
    here = settings()
    if not here.mail_reply_domain or delivery.subject_type != "ticket":
        return ""
    ticket_id, domain, secret = delivery.subject_id, here.mail_reply_domain, here.secret()
    if message.recipient_id is not None:
        return reply_address(ticket_id=ticket_id, user_id=message.recipient_id, domain=domain, secret=secret)
    guest_id = message.payload.get("guest")
    if guest_id is None:
        return ""
    return guest_reply_address(ticket_id=ticket_id, guest_id=guest_id, domain=domain, secret=secret)


def _thread(session: Session, message: OutboxMessage) -> Thread:
    """What was sent before in the same group to the same person, or the mail of theirs that it answers."""
    statement = (
        select(Delivery.mail_message_id)
        .join(Delivery.message)
        .where(
            OutboxMessage.group_key == message.group_key,
            OutboxMessage.recipient_id == message.recipient_id,
            OutboxMessage.id < message.id,
            OutboxMessage.state == OutboxState.SENT,
        )
    )
    answered = message.payload.get(ANSWERED)
    first = session.scalars(statement.order_by(OutboxMessage.id).limit(1)).one_or_none()
    previous = session.scalars(statement.order_by(OutboxMessage.id.desc()).limit(1)).one_or_none()
    return Thread(first or answered, answered or previous)
