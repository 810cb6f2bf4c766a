"""What readers missed, each made a task with one click."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.extensions import db
from helpdesk.kb.desk_models import TaskKind
from helpdesk.kb.insight_sources import asked_anyway, deflections, followed
from helpdesk.kb.labels import REASONS, TASK_KINDS
from helpdesk.kb.queries import insights as queries
from helpdesk.kb.queries import tasks as task_queries
from helpdesk.kb.services.tasks import finish_task, make_task, take_task
from helpdesk.kb.views.blueprints import editor_bp as bp
from helpdesk.permissions import Permission
from helpdesk.web.guards import found, requires
from helpdesk.web.locale import LOCALES, current_locale

_DAYS = 90


@bp.get("/insights")
@requires(Permission.KB_EDIT)
def insights() -> ResponseReturnValue:
    """Show the questions without an answer, the articles that did not help, and what tickets show."""
    since = utc_now() - timedelta(days=_DAYS)
    return render_template(
        "editor/insights.html",
        days=_DAYS,
        reasons=REASONS,
        made=task_queries.task_keys(db.session),
        without_result=queries.without_result(db.session, since=since),
        without_opening=queries.without_opening(db.session, since=since),
        unhelpful=queries.unhelpful(db.session, since=since),
        asked_anyway=asked_anyway(db.session, since=since),
        followed=followed(db.session, since=since),
        deflections=deflections(db.session, since=since),
    )


@bp.get("/tasks")
@requires(Permission.KB_EDIT)
def tasks() -> ResponseReturnValue:
    """Show what is to be written."""
    return render_template(
        "editor/tasks.html",
        tasks=task_queries.open_tasks(db.session),
        done=task_queries.done_tasks(db.session),
        kinds=TASK_KINDS,
        me=signed_in_user().id,
    )


@bp.post("/tasks")
@requires(Permission.KB_EDIT)
def new_task() -> ResponseReturnValue:
    """Make a task of a gap."""
    given = request.form
    locale, kind = given.get("locale", ""), given.get("kind", "")
    task = make_task(
        db.session,
        kind=TaskKind(kind) if kind in set(TaskKind) else TaskKind.NO_RESULT,
        title=given.get("title", "")[:200] or str(_("Untitled")),
        locale=locale if locale in LOCALES else current_locale(),
        slug=given.get("slug", "")[:120],
        evidence=given.getlist("evidence"),
        by=signed_in_user().id,
        now=utc_now(),
    )
    db.session.commit()
    flash(_("“%(title)s” is now on the list of tasks.", title=task.title), "success")
    return redirect(url_for(".tasks", _anchor=f"task-{task.id}"))


@bp.post("/tasks/<int:number>/<any(take, done):step>")
@requires(Permission.KB_EDIT)
def task_step(number: int, step: str) -> ResponseReturnValue:
    """Take a task, or say that it is done."""
    task = found(task_queries.task_numbered(db.session, number))
    if step == "take":
        take_task(db.session, task, by=signed_in_user().id)
    else:
        finish_task(db.session, task, by=signed_in_user().id, now=utc_now())
    db.session.commit()
    return redirect(url_for(".tasks"))
