"""Writing down what became of a claimed message, each in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, sessionmaker

from helpdesk.db import writing
from helpdesk.notifications.claims import Claim
from helpdesk.notifications.models import DeliveryState, OutboxMessage, OutboxState
from helpdesk.notifications.rendering import Rendered
from helpdesk.notifications.rules import check_move, is_given_up, wait_before

log = structlog.get_logger(__name__)
_chance = secrets.SystemRandom()


@contextmanager
def _held(
    session_factory: sessionmaker[Session], claim: Claim, rendered: Rendered | None
) -> Iterator[OutboxMessage | None]:
    """The message, locked, while the lease is still ours (None when it is not); the lease ends with the block."""
    with writing(), session_factory.begin() as session:
        message = session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.id == claim.message.id, OutboxMessage.lease_owner == claim.token)
            .options(joinedload(OutboxMessage.delivery, innerjoin=True))
            .with_for_update(of=OutboxMessage)
        ).one_or_none()
        yield message
        if message is None:
            log.warning("mail_lease_lost", mail=claim.message.public_id)
            return
        message.leased_until = None
        message.lease_owner = None
        if rendered is not None:
            message.subject, message.body = rendered.subject, rendered.kept_text


def note_sent(session_factory: sessionmaker[Session], claim: Claim, *, rendered: Rendered, now: datetime) -> None:
    """The other side has it."""
    with _held(session_factory, claim, rendered) as message:
        if message is None:
            return
        check_move(message.state, OutboxState.SENT)
        message.state = OutboxState.SENT
        message.last_error = None
        message.done_at = now
        message.delivery.state = DeliveryState.ACCEPTED
        message.delivery.at = now


def note_failed(
    session_factory: sessionmaker[Session],
    claim: Claim,
    *,
    rendered: Rendered | None,
    error: str,
    permanent: bool,
    now: datetime,
) -> None:
    """It was refused: try again later, or give it up."""
    with _held(session_factory, claim, rendered) as message:
        if message is None:
            return
        message.last_error = error[:2000]
        if not permanent and not is_given_up(message.attempts):
            message.next_attempt_at = now + wait_before(message.attempts, chance=_chance.random())
            return
        check_move(message.state, OutboxState.DEAD)
        message.state = OutboxState.DEAD
        message.done_at = now
        message.delivery.state = DeliveryState.FAILED
        message.delivery.at = now


def note_unreachable(
    session_factory: sessionmaker[Session], claim: Claim, *, rendered: Rendered | None, error: str, now: datetime
) -> None:
    """Nothing could be sent: it costs this message no try, and it stays first in line."""
    with _held(session_factory, claim, rendered) as message:
        if message is None:
            return
        message.attempts -= 1
        message.last_error = error[:2000]
        message.next_attempt_at = min(message.next_attempt_at, now)
