"""Handing out files: only after the same check as the message they came with."""

from __future__ import annotations

from flask import Response, abort, send_file
from flask.typing import ResponseReturnValue

from helpdesk.accounts.access import signed_in_user
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.tickets.models import Attachment
from helpdesk.tickets.queries import attachment_visible
from helpdesk.tickets.views.blueprints import portal_bp, store
from helpdesk.web.guards import found, requires


@portal_bp.get("/attachments/<public_id>")
@requires(Permission.ACCOUNT_OWN)
def attachment(public_id: str) -> ResponseReturnValue:
    """Send a file as a download that no browser opens or runs."""
    return handed_out(found(attachment_visible(db.session, signed_in_user(), public_id)))


def handed_out(wanted: Attachment) -> Response:
    """The file as a download; the caller has looked whether it may be seen."""
    try:
        content = store().open(wanted.sha256)
    except FileNotFoundError:
        abort(404)
    response = send_file(
        content, mimetype=wanted.content_type, as_attachment=True, download_name=wanted.filename, max_age=0
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
