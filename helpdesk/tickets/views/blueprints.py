"""The two rooms of tickets, and what their pages share."""

from __future__ import annotations

from flask import Blueprint, Response

from helpdesk.accounts.access import signed_in_user
from helpdesk.extensions import db, settings
from helpdesk.files.store import FileStore, file_store
from helpdesk.workcalendar.current import current_calendar
from helpdesk.workcalendar.rules import WorkCalendar

portal_bp = Blueprint("tickets", __name__)
queue_bp = Blueprint("queue", __name__, url_prefix="/work")
desk_bp = Blueprint("desk", __name__, url_prefix="/work/desk")
guest_bp = Blueprint("guest", __name__, url_prefix="/guest")


@guest_bp.after_request
def keep_nothing(response: Response) -> Response:
    """Let no browser or proxy keep what somebody may see only while they are invited."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def calendar() -> WorkCalendar:
    """The working time our promises are counted in."""
    return current_calendar(db.session, zone=settings().partner_time_zone)


def store() -> FileStore:
    """Where attachments are kept."""
    return file_store(settings())


def one_person() -> str:
    """Whom a rate limit counts: a person, wherever they sit."""
    return f"user:{signed_in_user().id}"
