"""The browser's side of a session: begun anew at every sign-in, ended at sign-out."""

from __future__ import annotations

from flask import g, request, session
from flask_babel import lazy_gettext as _l
from flask_login import login_user, logout_user
from sqlalchemy import delete

from helpdesk.accounts.models import User
from helpdesk.accounts.second_factor.queries import has_second_factor
from helpdesk.accounts.sessions.models import UserSession
from helpdesk.accounts.sessions.services import begin_session
from helpdesk.clock import utc_now
from helpdesk.extensions import db, login_manager

login_manager.login_message = _l("Please sign in to see that page.")
login_manager.login_message_category = "info"

TOKEN = "device"  # noqa: S105 - the name under which the cookie holds it


def begin(person: User, *, is_two_step: bool = False) -> None:
    """Forget everything that the browser brought along, begin a session of `person`, and commit it.

    A person who has a second factor is only half way in until it was given (`is_two_step`), here or before.
    """
    earlier = _forget_this()
    if earlier is not None and earlier.user_id == person.id:
        is_two_step = is_two_step or earlier.is_two_step
    _empty()
    session.permanent = True
    row, session[TOKEN] = begin_session(
        db.session,
        person,
        device=request.user_agent.string,
        address=request.remote_addr,
        now=utc_now(),
        is_two_step=is_two_step,
    )
    db.session.commit()
    note(row)
    g.has_second_factor = has_second_factor(db.session, person)
    if g.has_second_factor and not is_two_step:
        session["_user_id"] = person.get_id()
        g.half_way = person
        return
    login_user(person)


def end() -> None:
    """End the session, and commit that; only the chosen language stays."""
    language = session.get("locale")
    _forget_this()
    db.session.commit()
    logout_user()
    _empty()
    if language is not None:
        session["locale"] = language


def _empty() -> None:
    """Forget all; a form that this answer still shows gets a token of the new session."""
    session.clear()
    g.pop("csrf_token", None)


def _forget_this() -> UserSession | None:
    row: UserSession | None = g.pop("user_session", None)
    g.pop("half_way", None)
    if row is not None:
        db.session.execute(delete(UserSession).where(UserSession.id == row.id))
    return row


def note(row: UserSession) -> None:
    """Remember the session of this request, and for the guards when it was last confirmed."""
    g.user_session = row
    g.confirmed_at = row.confirmed_at


def this_session() -> UserSession:
    """The session of this request; call it only behind `@requires`."""
    row: UserSession = g.user_session
    return row
