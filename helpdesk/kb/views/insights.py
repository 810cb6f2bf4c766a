"""What readers missed, each with one click to write it."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from helpdesk.clock import utc_now
from helpdesk.extensions import db
from helpdesk.kb.labels import REASONS
from helpdesk.kb.queries import insights as queries
from helpdesk.kb.views.blueprints import editor_bp as bp
from helpdesk.permissions import Permission
from helpdesk.web.guards import requires

_DAYS = 90


@bp.get("/insights")
@requires(Permission.KB_EDIT)
def insights() -> ResponseReturnValue:
    """Show the questions without an answer and the articles that did not help."""
    since = utc_now() - timedelta(days=_DAYS)
    return render_template(
        "editor/insights.html",
        days=_DAYS,
        reasons=REASONS,
        without_result=queries.without_result(db.session, since=since),
        without_opening=queries.without_opening(db.session, since=since),
        unhelpful=queries.unhelpful(db.session, since=since),
    )
