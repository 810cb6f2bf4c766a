"""What is thrown away when its days are over, kind by kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import SignInAttempt
from helpdesk.accounts.sessions.models import UserSession
from helpdesk.audit.services import record
from helpdesk.intake.jobs import forget_originals
from helpdesk.intake.models import IncomingMail
from helpdesk.limits import (
    DRAFT_DAYS,
    PRESENCE_DAYS,
    SEARCH_LOG_DAYS,
    SENT_MAIL_DAYS,
    SESSION_ABSOLUTE,
    SIGN_IN_ATTEMPT_DAYS,
)
from helpdesk.notifications.models import Delivery, OutboxMessage, OutboxState
from helpdesk.search.models import LoggedQuery
from helpdesk.tickets.models import Draft, Presence
from helpdesk.tickets.services.drafts import forget_old_drafts

_SESSION_DAYS: Final = max(SESSION_ABSOLUTE.values()).days
_AT_ONCE: Final = 500
_LEADS: Final = ("path", "work_path")
"""What of a mail's values remains: where in the portal it leads."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data: how long it stays, how much is over its time, and how that goes; `go` tells how much went."""

    name: str
    days: int | None
    """None where each row carries its own date."""
    over: Callable[[Session, datetime], int]
    go: Callable[[Session, datetime], int]


@dataclass(frozen=True, slots=True)
class Went:
    """How much of a kind would go, or went."""

    kind: str
    days: int | None
    rows: int


def overdue(session: Session, *, now: datetime) -> list[Went]:
    """What would go now; nothing is changed."""
    return [Went(kind.name, kind.days, kind.over(session, now)) for kind in KINDS]


def retain(session: Session, *, actor_id: int | None, now: datetime) -> list[Went]:
    """Throw away what is over its time; written down when anything went."""
    went = [Went(kind.name, kind.days, kind.go(session, now)) for kind in KINDS]
    session.flush()
    if any(one.rows for one in went):
        record(
            session,
            "privacy.retention",
            object_type="retention",
            object_id=now.date().isoformat(),
            actor_id=actor_id,
            now=now,
            after={one.kind: one.rows for one in went if one.rows},
        )
    return went


def _rows(name: str, days: int, column: Any) -> Kind:  # noqa: ANN401 - any date of any model
    """A kind whose rows go whole, so many days after `column`."""

    def over(session: Session, now: datetime) -> int:
        condition = column < now - timedelta(days=days)
        return session.scalar(sa.select(sa.func.count()).select_from(column.class_).where(condition)) or 0

    def go(session: Session, now: datetime) -> int:
        done = session.execute(sa.delete(column.class_).where(column < now - timedelta(days=days)))
        return cast("sa.CursorResult[Any]", done).rowcount

    return Kind(name, days, over, go)


def _drafts_over(session: Session, now: datetime) -> int:
    old = Draft.updated_at < now - timedelta(days=DRAFT_DAYS)
    return session.scalar(sa.select(sa.func.count()).select_from(Draft).where(old)) or 0


def _originals_over(session: Session, now: datetime) -> int:
    over = sa.and_(IncomingMail.raw_deleted_at.is_(None), IncomingMail.keep_until <= now)
    return session.scalar(sa.select(sa.func.count()).select_from(IncomingMail).where(over)) or 0


def _originals_go(session: Session, now: datetime) -> int:
    gone = 0
    while some := forget_originals(session, now):
        session.flush()
        gone += some
    return gone


def _sent_over(session: Session, now: datetime) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(_sent(now).subquery())) or 0


def _sent(now: datetime) -> sa.Select[int]:
    """Mails whose text is over its time. What a ticket's mail said stands in the ticket; notices and the like stay."""
    return (
        sa.select(OutboxMessage.id)
        .join(Delivery, Delivery.message_id == OutboxMessage.id)
        .where(
            OutboxMessage.state == OutboxState.SENT,
            OutboxMessage.done_at < now - timedelta(days=SENT_MAIL_DAYS),
            OutboxMessage.subject != "",
            OutboxMessage.body != "",
            Delivery.subject_type.in_(("ticket", "user")),
        )
        .order_by(OutboxMessage.id)
    )


def _sent_go(session: Session, now: datetime) -> int:
    return sum(_without_text(message) for message in _batches(session, now))


def _batches(session: Session, now: datetime) -> Iterator[OutboxMessage]:
    while ids := session.scalars(_sent(now).limit(_AT_ONCE)).all():
        yield from session.scalars(sa.select(OutboxMessage).where(OutboxMessage.id.in_(ids)))
        session.flush()


def _without_text(message: OutboxMessage) -> int:
    message.body = ""
    message.payload = {name: message.payload[name] for name in _LEADS if name in message.payload}
    return 1


KINDS: Final = (
    _rows("ended_sessions", _SESSION_DAYS, UserSession.seen_at),
    _rows("sign_in_attempts", SIGN_IN_ATTEMPT_DAYS, SignInAttempt.at),
    _rows("search_log", SEARCH_LOG_DAYS, LoggedQuery.at),
    Kind("raw_mails", None, _originals_over, _originals_go),
    Kind("sent_mail_texts", SENT_MAIL_DAYS, _sent_over, _sent_go),
    Kind("ticket_drafts", DRAFT_DAYS, _drafts_over, lambda session, now: forget_old_drafts(session, now=now)),
    _rows("ticket_presence", PRESENCE_DAYS, Presence.at),
)
