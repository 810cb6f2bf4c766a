"""How the application gets to know this slice."""

from __future__ import annotations

from flask import Flask, g

from helpdesk.extensions import db
from helpdesk.notifications.queries import UNREAD_SHOWN, unread_count
from helpdesk.notifications.quoting import split_quoted
from helpdesk.web.guards import current_actor


def init_app(app: Flask) -> None:
    """Offer pages `body | split_quoted` (with `new` and `quoted`) and `unread_notifications()` of the reader."""
    app.jinja_env.filters["split_quoted"] = split_quoted
    app.jinja_env.globals["unread_notifications"] = unread_notifications


def unread_notifications() -> str:
    """How many the reader has not seen, or nothing."""
    actor = current_actor()
    known: int | None = g.get("unread_notifications")  # with the session, whose statement brings it along
    count = (unread_count(db.session, actor.id) if known is None else known) if actor else 0
    if not count:
        return ""
    return f"{UNREAD_SHOWN}+" if count > UNREAD_SHOWN else str(count)
