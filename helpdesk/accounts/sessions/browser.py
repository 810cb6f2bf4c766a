"""The browser's side of a session: begun anew at every sign-in, ended at sign-out."""

from __future__ import annotations

from flask import g, request, session
from flask_babel import lazy_gettext as _l
from flask_login import login_user, logout_user
from sqlalchemy import delete

from helpdesk.accounts.models import User
from helpdesk.accounts.sessions.models import UserSession
from helpdesk.accounts.sessions.services import begin_session
from helpdesk.clock import utc_now
from helpdesk.extensions import db, login_manager

login_manager.login_message = _l("Please sign in to see that page.")
login_manager.login_message_category = "info"

TOKEN = "device"  # noqa: S105 - the name under which the cookie holds it


def begin(person: User) -> None:
    """Forget everything that the browser brought along, begin a session of `person`, and commit it."""
    earlier = g.pop("user_session", None)
    session.clear()
    session.permanent = True
    _forget(earlier)
    row, session[TOKEN] = begin_session(
        db.session, person, device=request.user_agent.string, address=request.remote_addr, now=utc_now()
    )
    db.session.commit()
    note(row)
    login_user(person)


def end() -> None:
    """End the session, and commit that; only the chosen language stays."""
    language = session.get("locale")
    _forget(g.pop("user_session", None))
    db.session.commit()
    logout_user()
    session.clear()
    if language is not None:
        session["locale"] = language


def _forget(row: UserSession | None) -> None:
    if row is not None:
        db.session.execute(delete(UserSession).where(UserSession.id == row.id))


def note(row: UserSession) -> None:
    """Remember the session of this request, and for the guards when it was last confirmed."""
    g.user_session = row
    g.confirmed_at = row.confirmed_at


def this_session() -> UserSession:
    """The session of this request; call it only behind `@requires`."""
    row: UserSession = g.user_session
    return row
