"""What is thrown away when its days are over, kind by kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import SignInAttempt
from helpdesk.accounts.sessions.models import UserSession
from helpdesk.audit.services import record
from helpdesk.config import Settings
from helpdesk.intake.jobs import forget_originals
from helpdesk.intake.models import IncomingMail
from helpdesk.limits import (
    DRAFT_DAYS,
    PRESENCE_DAYS,
    SESSION_ABSOLUTE,
    SIGN_IN_ATTEMPT_DAYS,
)
from helpdesk.notifications.models import Delivery, OutboxMessage, OutboxState
from helpdesk.notifications.table import TABLE
from helpdesk.search.models import LoggedQuery
from helpdesk.tickets.models import Draft, Presence
from helpdesk.tickets.services.drafts import forget_old_drafts
from helpdesk.tickets.services.guest_addresses import forget_addresses, guests_over

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


def kinds(settings: Settings) -> tuple[Kind, ...]:
    """All kinds; how long four of them stay is the operator's choice."""
    return (
        _rows("ended_sessions", _SESSION_DAYS, UserSession.seen_at),
        _rows("sign_in_attempts", SIGN_IN_ATTEMPT_DAYS, SignInAttempt.at),
        _rows("search_log", settings.search_keep_days, LoggedQuery.at),
        Kind("raw_mails", None, _originals_over, _originals_go),
        _found("sent_mail_texts", settings.sent_mail_keep_days, _sent, _lose_text),
        _found("portal_notifications", settings.notification_keep_days, _told_in_the_portal, _delete),
        _found("guest_addresses", settings.guest_keep_days, guests_over, forget_addresses),
        Kind("ticket_drafts", DRAFT_DAYS, _drafts_over, lambda session, now: forget_old_drafts(session, now=now)),
        _rows("ticket_presence", PRESENCE_DAYS, Presence.at),
    )


def overdue(session: Session, settings: Settings, *, now: datetime) -> list[Went]:
    """What would go now; nothing is changed."""
    return [Went(kind.name, kind.days, kind.over(session, now)) for kind in kinds(settings)]


def retain(session: Session, settings: Settings, *, actor_id: int | None, now: datetime) -> list[Went]:
    """Throw away what is over its time; written down when anything went."""
    went = [Went(kind.name, kind.days, kind.go(session, now)) for kind in kinds(settings)]
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


def _found(
    name: str,
    days: int,
    find: Callable[[datetime], sa.Select[int]],
    go_some: Callable[[Session, Sequence[int]], None],
) -> Kind:
    """A kind whose messages are found by number; they go some at once, until none is found any more."""

    def over(session: Session, now: datetime) -> int:
        found = find(now - timedelta(days=days)).subquery()
        return session.scalar(sa.select(sa.func.count()).select_from(found)) or 0

    def go(session: Session, now: datetime) -> int:
        gone = 0
        while ids := session.scalars(find(now - timedelta(days=days)).limit(_AT_ONCE)).all():
            go_some(session, ids)
            session.flush()
            gone += len(ids)
        return gone

    return Kind(name, days, over, go)


def _sent(before: datetime) -> sa.Select[int]:
    """Mails whose text is over its time. What a ticket's mail said stands in the ticket; notices and the like stay."""
    return (
        sa.select(OutboxMessage.id)
        .join(Delivery, Delivery.message_id == OutboxMessage.id)
        .where(
            OutboxMessage.state.in_((OutboxState.SENT, OutboxState.DROPPED)),
            OutboxMessage.done_at < before,
            OutboxMessage.subject != "",
            OutboxMessage.body != "",
            Delivery.subject_type.in_(("ticket", "user")),
        )
        .order_by(OutboxMessage.id)
    )


def _lose_text(session: Session, ids: Sequence[int]) -> None:
    for message in session.scalars(sa.select(OutboxMessage).where(OutboxMessage.id.in_(ids))):
        message.body = ""
        message.payload = {name: message.payload[name] for name in _LEADS if name in message.payload}


def _told_in_the_portal(before: datetime) -> sa.Select[int]:
    """What the recipient chose not to be mailed, and old; what is essential proves what was said."""
    return (
        sa.select(OutboxMessage.id)
        .where(
            OutboxMessage.state == OutboxState.PORTAL_ONLY,
            OutboxMessage.done_at < before,
            OutboxMessage.kind.in_([notice.kind for notice in TABLE if not notice.essential]),
        )
        .order_by(OutboxMessage.id)
    )


def _delete(session: Session, ids: Sequence[int]) -> None:
    session.execute(sa.delete(Delivery).where(Delivery.message_id.in_(ids)))
    session.execute(sa.delete(OutboxMessage).where(OutboxMessage.id.in_(ids)))
