"""The partner's own fields: which there are, and what a ticket answers."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.tickets import labels
from helpdesk.tickets.forms.custom import FieldForm, name_of, own_answers, with_own_fields
from helpdesk.tickets.forms.fields import refuse_because
from helpdesk.tickets.labels.fields import KINDS, answer_typed
from helpdesk.tickets.models import CustomField
from helpdesk.tickets.queries import visible_ticket
from helpdesk.tickets.queries.fields import answers_of, field_of, fields_in_order
from helpdesk.tickets.services.fields import keep_answers, keep_field, move_field, retire_field
from helpdesk.tickets.views.blueprints import desk_bp, queue_bp
from helpdesk.web.guards import found, requires


@queue_bp.route("/tickets/<ticket:number>/fields", methods=["GET", "POST"])
@requires(Permission.TICKETS_WORK)
def fields(number: int) -> ResponseReturnValue:
    """Show what the ticket answers to the partner's own fields, and change it."""
    ticket = found(visible_ticket(db.session, signed_in_user(), number, lock=True))
    answered = answers_of(db.session, signed_in_user(), ticket)
    asked, currency = [each.field for each in answered], ticket.customer.currency
    data = {name_of(each.field): answer_typed(each.field, each.value, currency=currency) for each in answered}
    form = with_own_fields(FlaskForm, asked)(data=data)
    if form.is_submitted():
        form.validate()
        answers = own_answers(form, asked, currency=currency)
        if answers is not None and not form.errors:
            keep_answers(db.session, ticket, answers, by=signed_in_user(), now=utc_now())
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for(".show", number=ticket.ref))
    controls = [(field, form[name_of(field)]) for field in asked]
    return render_template("queue/fields.html", ticket=ticket, form=form, controls=controls)


@desk_bp.get("/fields")
@requires(Permission.DESK_MANAGE)
def own_fields() -> ResponseReturnValue:
    """List the fields by topic."""
    known = fields_in_order(db.session)
    by_topic = [
        (topic, label, [each for each in known if each.topic is topic]) for topic, label in labels.TOPICS.items()
    ]
    return render_template("desk/fields.html", by_topic=by_topic, kinds=KINDS)


@desk_bp.route("/fields/new", methods=["GET", "POST"])
@requires(Permission.DESK_MANAGE)
def new_field() -> ResponseReturnValue:
    """Describe a field."""
    return _edit(None)


@desk_bp.route("/fields/<public_id>", methods=["GET", "POST"])
@requires(Permission.DESK_MANAGE)
def field(public_id: str) -> ResponseReturnValue:
    """Change a field."""
    return _edit(found(field_of(db.session, public_id)))


@desk_bp.post("/fields/<public_id>/<any(up, down, retire, restore):deed>")
@requires(Permission.DESK_MANAGE)
def field_deed(public_id: str, deed: str) -> ResponseReturnValue:
    """Move a field, ask it no more, or again."""
    kept, by, now = found(field_of(db.session, public_id)), signed_in_user(), utc_now()
    if deed in {"up", "down"}:
        move_field(db.session, kept, up=deed == "up", by=by, now=now)
    else:
        retire_field(db.session, kept, retired=deed == "retire", by=by, now=now)
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(url_for(".own_fields"))


def _edit(kept: CustomField | None) -> ResponseReturnValue:
    form = FieldForm(kept, request.args.get("topic", ""))
    if form.validate_on_submit():
        try:
            keep_field(db.session, kept, form.words(), by=signed_in_user(), now=utc_now())
        except DomainError as refusal:
            db.session.rollback()
            refuse_because(form.en, refusal)
        else:
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for(".own_fields"))
    return render_template("desk/field.html", form=form, field=kept)
