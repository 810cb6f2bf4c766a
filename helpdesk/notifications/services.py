"""Putting mail into the outbox, and what an administrator does with one that failed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.db import public_id
from helpdesk.notifications.models import (
    Delivery,
    DeliveryState,
    NotificationChoice,
    OutboxMessage,
    OutboxState,
    Way,
)
from helpdesk.notifications.rules import check_move
from helpdesk.notifications.table import is_essential

ANSWERED: Final = "answered_mail"
"""Key of a payload: the Message-ID of the recipient's own mail that the message answers."""
_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,250}>")


class Recipient(Protocol):
    """What a mail asks of the person it goes to."""

    @property
    def id(self) -> int | None:
        """Their number; None for somebody who has no account yet."""

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
    order and form one thread. The same `dedupe_key` again gives the first message back and adds nothing. Who chose
    otherwise for a kind that is not essential finds it in the portal alone.
    """
    known = _by_dedupe_key(session, dedupe_key)
    if known is not None:
        return known
    identifier = public_id()
    by_mail = way_for(session, recipient_id=recipient.id, kind=kind) is Way.MAIL
    message = OutboxMessage(
        public_id=identifier,
        state=OutboxState.QUEUED if by_mail else OutboxState.PORTAL_ONLY,
        done_at=None if by_mail else now,
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


def way_for(session: Session, *, recipient_id: int | None, kind: str) -> Way:
    """How a person hears of a kind; what is essential always comes by mail."""
    if recipient_id is None or is_essential(kind):
        return Way.MAIL
    choice = session.get(NotificationChoice, (recipient_id, kind))
    return choice.way if choice else Way.MAIL


def choose_way(session: Session, *, user_id: int, kind: str, way: Way, now: datetime) -> None:
    """Remember how a person wants to hear of a kind; for an essential one nothing changes."""
    if is_essential(kind):
        return
    choice = session.get(NotificationChoice, (user_id, kind)) or NotificationChoice(user_id=user_id, kind=kind)
    choice.way, choice.at = way, now
    session.add(choice)
    session.flush()


def answer_mail(message: OutboxMessage, message_id: str) -> None:
    """Let a message that waits stand below the recipient's own mail; what is no Message-ID changes nothing."""
    if _MESSAGE_ID.fullmatch(message_id):
        message.payload = {**message.payload, ANSWERED: message_id}


def mark_read(session: Session, *, user_id: int, now: datetime) -> None:
    """Say that a person has seen all that they were told."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.recipient_id == user_id, OutboxMessage.read_at.is_(None))
        .values(read_at=now)
    )


def withhold(message: OutboxMessage, *, now: datetime) -> None:
    """Show a message that still waits in the portal alone; one that is already leaving stays as it is."""
    if message.state is not OutboxState.QUEUED or message.leased_until is not None:
        return
    message.state = OutboxState.PORTAL_ONLY
    message.done_at = now


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
