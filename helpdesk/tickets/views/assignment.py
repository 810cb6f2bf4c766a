"""Who gets new tickets: the rules in their order, groups, who is on duty, and a try."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.models import User
from helpdesk.accounts.queries import agents, customers_by_name
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.tickets import labels
from helpdesk.tickets.forms.assignment import GroupForm, RuleForm, TryForm
from helpdesk.tickets.forms.fields import refuse_because
from helpdesk.tickets.models import AgentGroup, AssignmentRule
from helpdesk.tickets.queries.duty import (
    colleagues,
    group_of,
    groups,
    live_tickets_by_owner,
    rule_of,
    rules_in_order,
)
from helpdesk.tickets.services.assignment import (
    choose_owner,
    drop_group,
    drop_rule,
    enable_rule,
    keep_group,
    keep_rule,
    move_rule,
    set_duty,
)
from helpdesk.tickets.views.blueprints import calendar, desk_bp, queue_bp
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import found, requires


@queue_bp.post("/duty")
@requires(Permission.TICKETS_WORK)
def duty() -> ResponseReturnValue:
    """Go on duty, or off."""
    is_on = request.form.get("on") == "1"
    set_duty(db.session, signed_in_user(), is_on=is_on, by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("You are on duty: new tickets come to you.") if is_on else _("You are off duty."), "success")
    return redirect(url_for(".index"))


@desk_bp.get("/assignment")
@requires(Permission.DESK_MANAGE)
def giving_out() -> ResponseReturnValue:
    """Show how tickets are given out, and who would get one."""
    now = utc_now()
    people = colleagues(db.session, now=now, calendar=calendar())
    names = {person.id: person.name for person in people}
    trial = TryForm(request.args, customers_by_name(db.session))
    asked = trial.asked
    choice = choose_owner(db.session, asked, now=now, calendar=calendar()) if asked else None
    return render_template(
        "desk/assignment.html",
        rules=rules_in_order(db.session),
        groups=groups(db.session),
        people=[person for person in people if person.may_work],
        owned=live_tickets_by_owner(db.session),
        trial=trial,
        choice=choice,
        chosen=names.get(choice.user_id, "") if choice and choice.user_id else "",
        labels=labels,
    )


@desk_bp.post("/assignment/duty/<public_id>")
@requires(Permission.DESK_MANAGE)
def duty_of(public_id: str) -> ResponseReturnValue:
    """Put somebody on duty, or off: who fell ill cannot do it."""
    person = found(next((each for each in agents(db.session) if each.public_id == public_id), None))
    set_duty(db.session, person, is_on=request.form.get("on") == "1", by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(url_for(".giving_out"))


@desk_bp.route("/assignment/rules/new", methods=["GET", "POST"])
@requires(Permission.DESK_MANAGE)
def new_rule() -> ResponseReturnValue:
    """Write a rule."""
    return _edit_rule(None)


@desk_bp.route("/assignment/rules/<public_id>", methods=["GET", "POST"])
@requires(Permission.DESK_MANAGE)
def rule(public_id: str) -> ResponseReturnValue:
    """Change a rule."""
    return _edit_rule(found(rule_of(db.session, public_id)))


@desk_bp.post("/assignment/rules/<public_id>/<any(up, down, on, off, drop):deed>")
@requires(Permission.DESK_MANAGE)
def rule_deed(public_id: str, deed: str) -> ResponseReturnValue:
    """Move a rule, follow it or not, throw it away."""
    kept, by, now = found(rule_of(db.session, public_id)), signed_in_user(), utc_now()
    if deed == "drop":
        drop_rule(db.session, kept, by=by, now=now)
    elif deed in {"on", "off"}:
        enable_rule(db.session, kept, enabled=deed == "on", by=by, now=now)
    else:
        move_rule(db.session, kept, up=deed == "up", by=by, now=now)
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(url_for(".giving_out"))


def _edit_rule(kept: AssignmentRule | None) -> ResponseReturnValue:
    form = RuleForm(kept, people=_people(kept), groups=groups(db.session), customers=customers_by_name(db.session))
    if form.validate_on_submit():
        try:
            keep_rule(db.session, kept, form.words(), by=signed_in_user(), now=utc_now())
        except DomainError as refusal:
            db.session.rollback()
            refuse_because(form.target, refusal)
        else:
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for(".giving_out"))
    return render_template("desk/rule.html", form=form, rule=kept)


def _people(kept: AssignmentRule | None) -> list[User]:
    """Who may be named; also whom the rule names, though they may be disabled by now."""
    people = agents(db.session)
    return [*people, kept.agent] if kept and kept.agent and kept.agent not in people else people


@desk_bp.route("/assignment/groups/new", methods=["GET", "POST"])
@requires(Permission.DESK_MANAGE)
def new_group() -> ResponseReturnValue:
    """Make a group."""
    return _edit_group(None)


@desk_bp.route("/assignment/groups/<public_id>", methods=["GET", "POST"])
@requires(Permission.DESK_MANAGE)
def group(public_id: str) -> ResponseReturnValue:
    """Change a group."""
    return _edit_group(found(group_of(db.session, public_id)))


@desk_bp.post("/assignment/groups/<public_id>/drop")
@requires(Permission.DESK_MANAGE)
def group_drop(public_id: str) -> ResponseReturnValue:
    """Throw a group away, unless a rule needs it."""
    try:
        drop_group(db.session, found(group_of(db.session, public_id)), by=signed_in_user(), now=utc_now())
    except DomainError as refusal:
        flash(sentence_of(refusal), "error")
    else:
        db.session.commit()
        flash(_("The group is gone."), "success")
    return redirect(url_for(".giving_out"))


def _edit_group(kept: AgentGroup | None) -> ResponseReturnValue:
    form = GroupForm(kept, agents(db.session))
    if form.validate_on_submit():
        try:
            name = form.name.data or ""
            keep_group(db.session, kept, name=name, members=form.chosen(), by=signed_in_user(), now=utc_now())
        except DomainError as refusal:
            db.session.rollback()
            refuse_because(form.name, refusal)
        else:
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for(".giving_out"))
    return render_template("desk/group.html", form=form, group=kept)
