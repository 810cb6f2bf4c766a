"""Administration: where everything is set, and how the installation does."""

from __future__ import annotations

import shutil
from importlib.metadata import version

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from helpdesk.clock import utc_now
from helpdesk.extensions import db, settings
from helpdesk.notifications.models import OutboxState
from helpdesk.notifications.queries import last_sign_of_worker, mail_pause
from helpdesk.notifications.rules import is_late
from helpdesk.permissions import Permission
from helpdesk.search import indexer, jobs
from helpdesk.system import queries, rules
from helpdesk.web.guards import requires

bp = Blueprint("administration", __name__)


@bp.get("/work/administration")
@requires(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    """Show the rooms of administration and what an operator should look at; a constant number of statements."""
    now = utc_now()
    here = settings()
    session = db.session
    mails = queries.mails_by_state(session)
    snapshot, drill = queries.last_snapshot_deeds(session)
    free = shutil.disk_usage(here.var).free
    last_beat = last_sign_of_worker(session)
    return render_template(
        "system/administration.html",
        version=version("helpdesk"),
        engine=db.engine.dialect.name,
        last_beat=last_beat,
        worker_late=is_late(last_beat, now=now),
        waiting=mails.get(OutboxState.QUEUED, 0),
        dead=mails.get(OutboxState.DEAD, 0),
        mail_pause=mail_pause(session, now),
        index=indexer.health(session, jobs.get_index(here)),
        snapshot=snapshot,
        snapshot_overdue=rules.is_overdue(snapshot.at if snapshot else None, rules.SNAPSHOT_OLD, now=now),
        drill=drill,
        drill_overdue=rules.is_overdue(drill.at if drill else None, rules.DRILL_OLD, now=now),
        free_gb=round(free / 1e9, 1),
        disk_low=free < rules.DISK_LOW,
        runs=queries.last_runs(session),
    )
