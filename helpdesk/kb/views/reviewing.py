"""Reviews and plans from the editor's page."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.kb.desk_models import Plan
from helpdesk.kb.models import ArticleTranslation
from helpdesk.kb.rules import TooEarly
from helpdesk.kb.services import reviewing
from helpdesk.kb.services.drafting import working_copy
from helpdesk.kb.services.planning import cancel_plan, plan_change
from helpdesk.kb.views.blueprints import editor_bp as bp
from helpdesk.kb.views.desk import desk_of
from helpdesk.kb.views.sidebar import moment_typed
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import found, requires


@bp.post("/<slug>/<locale:tongue>/comment")
@requires(Permission.KB_EDIT)
def comment(slug: str, tongue: str) -> ResponseReturnValue:
    """Say something about a draft."""
    return _step(slug, tongue, "comment", _("Your comment is kept, and the author is told."))


@bp.post("/<slug>/<locale:tongue>/send-back")
@requires(Permission.KB_PUBLISH)
def send_back(slug: str, tongue: str) -> ResponseReturnValue:
    """Ask the author to change something."""
    return _step(slug, tongue, "send_back", _("Sent back. The author is told what to change."))


@bp.post("/<slug>/<locale:tongue>/approve")
@requires(Permission.KB_PUBLISH)
def approve(slug: str, tongue: str) -> ResponseReturnValue:
    """Publish what was handed in."""
    return _step(slug, tongue, "approve", _("Approved and published. The author is told."))


def _step(slug: str, tongue: str, name: str, done: str) -> ResponseReturnValue:
    translation = found(desk_of(slug, tongue).translation)
    body = request.form.get("body", "")
    act = {"comment": reviewing.comment, "send_back": reviewing.send_back, "approve": reviewing.approve}[name]
    try:
        act(db.session, translation, body=body, by=signed_in_user(), now=utc_now())
    except DomainError as refusal:
        db.session.rollback()
        flash(sentence_of(refusal), "error")
    else:
        db.session.commit()
        flash(done, "success")
    return redirect(url_for(".edit", slug=slug, tongue=tongue, _anchor="review"))


@bp.post("/<slug>/<locale:tongue>/plan/<any(publish, unpublish):plan>")
@requires(Permission.KB_PUBLISH)
def plan(slug: str, tongue: str, plan: str) -> ResponseReturnValue:
    """Have a text published, or taken away, at a time; without a time the plan is dropped."""
    translation = found(desk_of(slug, tongue).translation)
    typed = request.form.get("due", "").strip()
    try:
        flash(_plan(translation, Plan(plan), typed), "success")
        db.session.commit()
    except DomainError as refusal:
        db.session.rollback()
        flash(sentence_of(refusal), "error")
    return redirect(url_for(".edit", slug=slug, tongue=tongue, _anchor="plan"))


def _plan(translation: ArticleTranslation, plan: Plan, typed: str) -> str:
    if not typed:
        cancel_plan(db.session, translation, plan)
        return str(_("Nothing is planned any more."))
    due = moment_typed(typed)
    if due is None:
        raise TooEarly
    plan_change(
        db.session,
        translation,
        plan,
        due_at=due,
        content=working_copy(translation) if plan is Plan.PUBLISH else None,
        note=request.form.get("note", ""),
        by=signed_in_user().id,
        now=utc_now(),
    )
    return str(_("Planned. It happens by itself at that time; what you write until then is not part of it."))
