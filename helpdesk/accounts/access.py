"""The signed-in person, as a `User`."""

from __future__ import annotations

from typing import cast

import structlog
from flask import g, request, session
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.rules import network_of
from helpdesk.accounts.second_factor.rules import PENDING
from helpdesk.accounts.sessions.browser import TOKEN, note
from helpdesk.accounts.sessions.models import UserSession
from helpdesk.accounts.sessions.queries import Visit, visit_of
from helpdesk.accounts.sessions.rules import SEEN_EVERY, has_ended
from helpdesk.clock import utc_now
from helpdesk.db import writing
from helpdesk.extensions import db, login_manager
from helpdesk.web.guards import current_actor

log = structlog.get_logger(__name__)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_user(identity: str) -> User | None:
    """The person of a session, unless it ended, they were disabled, or signed out everywhere (the epoch grew)."""
    number, _, epoch = identity.partition(".")
    if not number.isdigit() or not epoch.isdigit():
        return None
    visit = visit_of(db.session, int(number), token=str(session.get(TOKEN, "")))
    if visit is None or visit.person.epoch != int(epoch) or not visit.person.is_active or _is_over(visit):
        return None
    note(visit.row)
    g.has_second_factor = visit.has_second_factor
    if visit.is_half_way:
        g.half_way = visit.person
        return None
    g.unread_notifications = visit.unread
    _keep_seen(visit.row)
    return visit.person


def _is_over(visit: Visit) -> bool:
    row, now = visit.row, utc_now()
    if visit.is_half_way and now - row.started_at > PENDING:
        return True
    return has_ended(visit.person.role, started_at=row.started_at, seen_at=row.seen_at, now=now)


def _keep_seen(row: UserSession) -> None:
    """Write down every few minutes that the device was seen, without keeping a page that only reads from reading."""
    now = utc_now()
    if now - row.seen_at < SEEN_EVERY:
        return
    try:
        if request.method not in {"GET", "HEAD"}:
            _write_seen(db.session, row)
            return
        with writing(), db.sessionmaker.begin() as own:
            _write_seen(own, row)
    except OperationalError as error:
        log.warning("session_not_written", error=str(error))


def _write_seen(session: Session, row: UserSession) -> None:
    session.execute(
        update(UserSession)
        .where(UserSession.id == row.id)
        .values(seen_at=utc_now(), network=network_of(request.remote_addr), device=request.user_agent.string[:300])
        .execution_options(synchronize_session=False)
    )


def signed_in_user() -> User:
    """The person of this request; call it only behind `@requires`."""
    actor = current_actor()
    if actor is None:
        msg = "nobody is signed in"
        raise RuntimeError(msg)
    return cast("User", actor)


def signed_in_user_or_none() -> User | None:
    """The person of this request, or None on a public page."""
    return cast("User | None", current_actor())


def half_way() -> User | None:
    """Who gave the password in this browser a short while ago and still owes the code."""
    if current_actor() is not None:
        return None
    return cast("User | None", g.get("half_way"))
