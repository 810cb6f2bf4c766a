"""Putting mail into the outbox, and what an administrator does with one that failed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.db import public_id
from helpdesk.notifications.models import Delivery, DeliveryState, OutboxMessage, OutboxState
from helpdesk.notifications.rules import check_move


class Recipient(Protocol):
    """What a mail asks of the person it goes to."""

    @property
    def id(self) -> int:
        """Their number."""

    @property
    def email(self) -> str:
        """Where the mail goes."""

    @property
    def name(self) -> str:
        """How they are addressed."""

    @property
    def locale(self) -> str:
        """The language the mail is written in."""


def queue_mail(
    session: Session,
    *,
    kind: str,
    recipient: Recipient,
    subject_type: str,
    subject_id: int,
    group_key: str,
    dedupe_key: str,
    payload: Mapping[str, Any],
    now: datetime,
) -> OutboxMessage:
    """Add one mail to the caller's transaction; the worker renders and sends it after the commit.

    `kind` names the templates `mail/<kind>.{subject,text,html}`. Mails of one `group_key` reach one person in
    order and form one thread. The same `dedupe_key` again gives the first message back and adds nothing.
    """
    known = _by_dedupe_key(session, dedupe_key)
    if known is not None:
        return known
    identifier = public_id()
    message = OutboxMessage(
        public_id=identifier,
        kind=kind,
        dedupe_key=dedupe_key,
        group_key=group_key,
        recipient_id=recipient.id,
        recipient_name=recipient.name,
        locale=recipient.locale,
        time_zone=getattr(recipient, "time_zone", "Asia/Shanghai"),
        payload=dict(payload),
        next_attempt_at=now,
        created_at=now,
        delivery=Delivery(
            subject_type=subject_type,
            subject_id=subject_id,
            address=recipient.email,
            mail_message_id=f"{kind}.{identifier}",
            at=now,
        ),
    )
    return _added_once(session, message)


def _by_dedupe_key(session: Session, dedupe_key: str) -> OutboxMessage | None:
    return session.scalars(select(OutboxMessage).where(OutboxMessage.dedupe_key == dedupe_key)).one_or_none()


def _added_once(session: Session, message: OutboxMessage) -> OutboxMessage:
    """Save `message`, or find the one that another transaction saved with its key a moment before."""
    dedupe_key = message.dedupe_key
    session.flush()
    try:
        with session.begin_nested():
            session.add(message)
    except IntegrityError:
        known = _by_dedupe_key(session, dedupe_key)
        if known is None:
            raise
        return known
    return message


def retry(session: Session, message: OutboxMessage, *, by_id: int, now: datetime) -> None:
    """Try a dead message again, from the beginning. Raises `MailNotDead`."""
    check_move(message.state, OutboxState.QUEUED)
    message.state = OutboxState.QUEUED
    message.attempts = 0
    message.next_attempt_at = now
    message.done_at = None
    _settle(message, DeliveryState.QUEUED, by_id=by_id, now=now)
    session.flush()


def drop(session: Session, message: OutboxMessage, *, by_id: int, now: datetime) -> None:
    """Give a dead message up for good; its text stays readable. Raises `MailNotDead`."""
    check_move(message.state, OutboxState.DROPPED)
    message.state = OutboxState.DROPPED
    message.done_at = now
    _settle(message, DeliveryState.FAILED, by_id=by_id, now=now)
    session.flush()


def _settle(message: OutboxMessage, state: DeliveryState, *, by_id: int, now: datetime) -> None:
    message.handled_by_id = by_id
    message.handled_at = now
    message.delivery.state = state
    message.delivery.at = now
