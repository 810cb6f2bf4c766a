"""Sending what waits in the outbox: claim one, send it with no transaction open, write down what became of it.

Killed before the claim, nothing happened; killed after it, the lease runs out and the message is tried again under
the same Message-ID; killed after the other side took it, the folder recognises the mail and a mail server gets the
same Message-ID, by which mail systems drop the second copy. A result is written only by who holds the lease.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

import structlog
from sqlalchemy.orm import Session, sessionmaker

from helpdesk.extensions import settings
from helpdesk.notifications.breaker import Breaker
from helpdesk.notifications.claims import Claim, claim_next, something_is_due
from helpdesk.notifications.mime import Heads, compose
from helpdesk.notifications.rendering import Rendered, render
from helpdesk.notifications.results import note_failed, note_sent, note_unreachable
from helpdesk.notifications.services import ANSWERED
from helpdesk.notifications.transports import RefusedError, Transport, UnreachableError
from helpdesk.notifications.unsubscribing import unsubscribe_url

log = structlog.get_logger(__name__)
BATCH: Final = 50


def deliver_due(
    session_factory: sessionmaker[Session],
    transport: Transport,
    *,
    now: datetime,
    limit: int = BATCH,
    breaker: Breaker | None = None,
) -> int:
    """Send at most `limit` messages that are due; returns how many were taken by the other side.

    Needs an application context. An unreachable server ends the batch and costs no message a try.
    """
    breaker = breaker or Breaker()
    clock = _running_from(now)
    sent = 0
    if not breaker.lets_through(now) or not something_is_due(session_factory, now=now):
        return sent
    try:
        for _ in range(limit):
            claim = claim_next(session_factory, token=secrets.token_hex(16), now=clock())
            if claim is None:
                break
            sent += _deliver(session_factory, transport, claim, breaker=breaker, clock=clock)
            if not breaker.lets_through(clock()):
                break
    finally:
        transport.close()
    return sent


def _running_from(now: datetime) -> Callable[[], datetime]:
    """A clock that starts at `now`: a long batch must not lease by the time at which it began."""
    start = monotonic()
    return lambda: now + timedelta(seconds=monotonic() - start)


def _deliver(
    session_factory: sessionmaker[Session],
    transport: Transport,
    claim: Claim,
    *,
    breaker: Breaker,
    clock: Callable[[], datetime],
) -> bool:
    """Send one message and write down what became of it; one commit."""
    rendered: Rendered | None = None
    try:
        rendered = render(claim.message, address=claim.address, may_reply=bool(claim.reply_to), to_send=True)
        transport.send(compose(rendered, _heads(claim)))
    except UnreachableError as error:
        breaker.note_failure(clock(), str(error))
        log.warning("mail_unreachable", error=str(error))
        note_unreachable(session_factory, claim, rendered=rendered, error=str(error), now=clock())
        return False
    except Exception as error:  # noqa: BLE001 - one poisoned message never blocks the others
        permanent = isinstance(error, RefusedError) and error.permanent
        log.warning("mail_failed", mail=claim.message.public_id, kind=claim.message.kind, error=repr(error))
        note_failed(session_factory, claim, rendered=rendered, error=_words(error), permanent=permanent, now=clock())
        return False
    breaker.note_success()
    note_sent(session_factory, claim, rendered=rendered, now=clock())
    return True


def _heads(claim: Claim) -> Heads:
    here = settings()
    return Heads(
        sender_name=here.partner_name,
        sender_address=here.mail_from,
        recipient_name=claim.message.recipient_name,
        recipient_address=claim.address,
        message_id=claim.message_id,
        locale=claim.message.locale,
        at=claim.message.created_at,
        thread=claim.thread,
        reply_to=claim.reply_to,
        unsubscribe_url=unsubscribe_url(claim.message),
        answers_mail=ANSWERED in claim.message.payload,
    )


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, RefusedError) else f"{type(error).__name__}: {error}"
