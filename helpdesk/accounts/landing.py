"""Where a person's work begins."""

from __future__ import annotations

from flask import url_for

from helpdesk.accounts.models import User
from helpdesk.permissions import Permission


def landing_path(person: User) -> str:
    """The queue, the articles or the portal, by what the person may do."""
    if person.may(Permission.TICKETS_WORK):
        return url_for("queue.index")
    if person.may(Permission.KB_EDIT):
        return url_for("editor.index")
    return url_for("home.index")
