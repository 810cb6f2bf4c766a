"""Prepared answers: kept by the team, filled in for a ticket."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from babel import Locale
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.tickets import labels
from helpdesk.tickets.forms.desk import MacroForm
from helpdesk.tickets.forms.fields import refuse_because
from helpdesk.tickets.models import Macro, Ticket
from helpdesk.tickets.queries.desk import macro_of, macro_values, macros_for
from helpdesk.tickets.rules.macros import VARIABLES, filled_in
from helpdesk.tickets.services.desk import keep_macro
from helpdesk.tickets.views.blueprints import queue_bp
from helpdesk.web.formatting import minute_for
from helpdesk.web.guards import found, requires
from helpdesk.web.locale import BABEL


@queue_bp.get("/macros")
@requires(Permission.TICKETS_WORK)
def macros() -> ResponseReturnValue:
    """List the prepared answers."""
    return render_template("queue/macros.html", macros=macros_for(db.session), labels=labels)


@queue_bp.route("/macros/new", methods=["GET", "POST"])
@requires(Permission.TICKETS_WORK)
def new_macro() -> ResponseReturnValue:
    """Write a prepared answer."""
    return _edit(None)


@queue_bp.route("/macros/<public_id>", methods=["GET", "POST"])
@requires(Permission.TICKETS_WORK)
def macro(public_id: str) -> ResponseReturnValue:
    """Change a prepared answer."""
    return _edit(found(macro_of(db.session, public_id)))


@queue_bp.post("/macros/<public_id>/delete")
@requires(Permission.TICKETS_WORK)
def delete_macro(public_id: str) -> ResponseReturnValue:
    """Throw a prepared answer away; what was sent with it stays."""
    db.session.delete(found(macro_of(db.session, public_id)))
    db.session.commit()
    flash(_("The prepared answer is gone."), "success")
    return redirect(url_for(".macros"))


def _edit(macro: Macro | None) -> ResponseReturnValue:
    form = MacroForm(macro)
    if not form.validate_on_submit():
        return _page(form, macro)
    try:
        keep_macro(db.session, macro, **form.values(), by=signed_in_user(), now=utc_now())
    except DomainError as refusal:
        db.session.rollback()
        refuse_because(form.en, refusal)
        return _page(form, macro)
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(url_for(".macros"))


def _page(form: MacroForm, macro: Macro | None) -> ResponseReturnValue:
    return render_template("queue/macro.html", form=form, macro=macro, variables=VARIABLES)


def macro_text(macro: Macro, ticket: Ticket) -> str:
    """The prepared answer in the customer's language, with what its variables mean on this ticket."""
    link = request.host_url.rstrip("/") + url_for("tickets.show", number=ticket.number)
    values = macro_values(ticket, agent=signed_in_user().name, link=link, due=_due(ticket))
    return filled_in(macro.body_in(ticket.locale), values)


def _due(ticket: Ticket) -> str:
    """The promise as the customer writes dates."""
    locale, zone = BABEL.get(ticket.locale, "en"), ZoneInfo(ticket.customer.time_zone)
    return minute_for(ticket.answer_due_at, locale=Locale.parse(locale), zone=zone)
