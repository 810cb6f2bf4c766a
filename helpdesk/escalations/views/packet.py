"""A packet as a page to print, as a zip to take along, and the files of the contact log."""

from __future__ import annotations

import tempfile

from flask import Response, abort, render_template, send_file
from flask.typing import ResponseReturnValue

from helpdesk.accounts.access import signed_in_user
from helpdesk.escalations import labels
from helpdesk.escalations.bundle import write_bundle
from helpdesk.escalations.models import Escalation, EscalationPacket
from helpdesk.escalations.packets import grouped
from helpdesk.escalations.queries import contact_file_visible, visible_case
from helpdesk.escalations.views.shared import bp, store
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.web.guards import found, requires

_IN_MEMORY = 4 * 1024 * 1024


def _packet(public_id: str, revision: int) -> tuple[Escalation, EscalationPacket]:
    case = found(visible_case(db.session, signed_in_user(), public_id))
    return case, found(next((each for each in case.packets if each.revision == revision), None))


@bp.get("/escalations/<public_id>/packets/<int:revision>")
@requires(Permission.ESCALATIONS_WORK)
def packet(public_id: str, revision: int) -> ResponseReturnValue:
    """Show one packet, made to be printed."""
    case, chosen = _packet(public_id, revision)
    return render_template(
        "escalations/packet.html", case=case, packet=chosen, fields=grouped(chosen.fields), labels=labels
    )


@bp.get("/escalations/<public_id>/packets/<int:revision>.zip")
@requires(Permission.ESCALATIONS_WORK)
def packet_zip(public_id: str, revision: int) -> ResponseReturnValue:
    """Send one packet with its files."""
    case, chosen = _packet(public_id, revision)
    target = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the response closes it
    write_bundle(target, chosen, store=store())
    target.seek(0)
    name = f"{case.ticket.ref}-packet-{revision}.zip"
    return _kept_apart(send_file(target, mimetype="application/zip", as_attachment=True, download_name=name))


@bp.get("/escalations/contact-files/<public_id>")
@requires(Permission.ESCALATIONS_WORK)
def contact_file(public_id: str) -> ResponseReturnValue:
    """Send a file of the contact log."""
    wanted = found(contact_file_visible(db.session, signed_in_user(), public_id))
    try:
        content = store().open(wanted.sha256)
    except FileNotFoundError:
        abort(404)
    return _kept_apart(
        send_file(content, mimetype=wanted.content_type, as_attachment=True, download_name=wanted.filename)
    )


def _kept_apart(response: Response) -> Response:
    """Let no browser open or keep what is downloaded."""
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
