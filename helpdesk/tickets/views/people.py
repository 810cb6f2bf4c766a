"""Who of the customer's people follows a ticket, for agents."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.tickets.forms.portal import ColleagueForm
from helpdesk.tickets.queries import colleagues_to_copy, copied_on, visible_ticket
from helpdesk.tickets.queries.guests import guests_of
from helpdesk.tickets.queries.visible import follower
from helpdesk.tickets.services import copy_in, uncopy
from helpdesk.tickets.views.blueprints import queue_bp
from helpdesk.web.guards import found, requires


@queue_bp.route("/tickets/<ticket:number>/people", methods=["GET", "POST"])
@requires(Permission.TICKETS_WORK)
def people(number: int) -> ResponseReturnValue:
    """Show who gets the ticket's mails, and copy a colleague of the customer in."""
    ticket = found(visible_ticket(db.session, signed_in_user(), number, lock=True))
    form = ColleagueForm(colleagues_to_copy(db.session, ticket))
    if form.validate_on_submit() and form.chosen is not None:
        copy_in(db.session, ticket, person=form.chosen, by=signed_in_user(), now=utc_now())
        db.session.commit()
        flash(_("%(name)s can see this ticket now.", name=form.chosen.name), "success")
        return redirect(url_for(".people", number=ticket.ref))
    return render_template(
        "queue/people.html",
        ticket=ticket,
        form=form,
        followers=copied_on(db.session, ticket),
        guests=guests_of(db.session, ticket, now=utc_now()),
    )


@queue_bp.post("/tickets/<ticket:number>/people/<public_id>/end")
@requires(Permission.TICKETS_WORK)
def end_copy(number: int, public_id: str) -> ResponseReturnValue:
    """Let somebody of the customer no longer follow the ticket."""
    ticket = found(visible_ticket(db.session, signed_in_user(), number, lock=True))
    person = found(follower(db.session, ticket, public_id))
    uncopy(db.session, ticket, person=person, by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("%(name)s no longer follows this ticket.", name=person.name), "success")
    return redirect(url_for(".people", number=ticket.ref))
