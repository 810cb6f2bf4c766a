"""The browser's session: begun anew at every sign-in, ended at sign-out."""

from __future__ import annotations

from flask import session
from flask_babel import lazy_gettext as _l
from flask_login import login_user, logout_user

from helpdesk.accounts.models import User
from helpdesk.extensions import login_manager

login_manager.login_message = _l("Please sign in to see that page.")
login_manager.login_message_category = "info"


def begin(person: User) -> None:
    """Forget everything that the browser brought along, and begin a session of `person` (of today's epoch)."""
    session.clear()
    session.permanent = True
    login_user(person)


def end() -> None:
    """End the session; only the chosen language stays."""
    language = session.get("locale")
    logout_user()
    session.clear()
    if language is not None:
        session["locale"] = language
