"""The one page from which the desk is run."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from helpdesk.accounts.access import signed_in_user
from helpdesk.permissions import Permission
from helpdesk.tickets.views.blueprints import desk_bp
from helpdesk.web.guards import requires


@desk_bp.get("")
@requires(Permission.DESK_MANAGE)
def index() -> ResponseReturnValue:
    """Lead to what leads and administrators decide."""
    return render_template("desk/index.html", is_administrator=signed_in_user().may(Permission.ADMINISTER))
