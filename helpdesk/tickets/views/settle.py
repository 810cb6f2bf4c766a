"""The customer's last word: it is solved, it is not, and how satisfied."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.tickets.forms.fields import refuse_because
from helpdesk.tickets.forms.portal import ColleagueForm, NotSolvedForm, RatingForm
from helpdesk.tickets.models import TicketState
from helpdesk.tickets.queries import colleagues_to_copy, visible_ticket
from helpdesk.tickets.queries.visible import follower
from helpdesk.tickets.services import confirm, copy_in, rate, reopen, uncopy
from helpdesk.tickets.views.blueprints import calendar, portal_bp
from helpdesk.tickets.views.portal import said_last, show_ticket
from helpdesk.web.guards import found, requires


@portal_bp.post("/tickets/<ticket:number>/solved")
@requires(Permission.TICKETS_OPEN)
def solved(number: int) -> ResponseReturnValue:
    """Close a ticket by the customer's word; twice is once."""
    ticket = found(visible_ticket(db.session, signed_in_user(), number, lock=True))
    if ticket.state is not TicketState.CLOSED:
        confirm(db.session, ticket, by=signed_in_user(), now=utc_now())
        db.session.commit()
        flash(_("Thank you. The ticket is closed."), "success")
    return redirect(url_for(".show", number=ticket.ref, _anchor="settle"))


@portal_bp.route("/tickets/<ticket:number>/not-solved", methods=["GET", "POST"])
@requires(Permission.TICKETS_OPEN)
def not_solved(number: int) -> ResponseReturnValue:
    """Open a settled ticket again, with the reason."""
    ticket = found(visible_ticket(db.session, signed_in_user(), number, lock=True))
    form = NotSolvedForm()
    if not form.is_submitted():
        return redirect(url_for(".show", number=ticket.ref, _anchor="settle"))
    if not form.validate():
        return show_ticket(ticket, again=form)
    if ticket.state is TicketState.OPEN and said_last(ticket, form.body.data):
        return redirect(url_for(".show", number=ticket.ref, _anchor="latest"))
    try:
        reopen(db.session, ticket, body=form.body.data or "", by=signed_in_user(), now=utc_now(), calendar=calendar())
    except DomainError as refusal:
        refuse_because(form.body, refusal)
        return show_ticket(ticket, again=form)
    db.session.commit()
    flash(_("The ticket is open again. We are on it."), "success")
    return redirect(url_for(".show", number=ticket.ref, _anchor="latest"))


@portal_bp.route("/tickets/<ticket:number>/copy", methods=["GET", "POST"])
@requires(Permission.TICKETS_OPEN)
def copy(number: int) -> ResponseReturnValue:
    """Let a colleague follow the ticket."""
    ticket = found(visible_ticket(db.session, signed_in_user(), number, lock=True))
    form = ColleagueForm(colleagues_to_copy(db.session, ticket))
    if not form.validate_on_submit() or form.chosen is None:
        return redirect(url_for(".show", number=ticket.ref, _anchor="copied"))
    copy_in(db.session, ticket, person=form.chosen, by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("%(name)s can see this ticket now.", name=form.chosen.name), "success")
    return redirect(url_for(".show", number=ticket.ref, _anchor="copied"))


@portal_bp.post("/tickets/<ticket:number>/copy/<public_id>/end")
@requires(Permission.TICKETS_OPEN)
def end_copy(number: int, public_id: str) -> ResponseReturnValue:
    """Let a colleague, or oneself, no longer follow the ticket."""
    me = signed_in_user()
    ticket = found(visible_ticket(db.session, me, number, lock=True))
    person = found(follower(db.session, ticket, public_id))
    uncopy(db.session, ticket, person=person, by=me, now=utc_now())
    db.session.commit()
    flash(_("%(name)s no longer follows this ticket.", name=person.name), "success")
    if visible_ticket(db.session, me, number) is None:
        return redirect(url_for(".index"))
    return redirect(url_for(".show", number=ticket.ref, _anchor="copied"))


@portal_bp.route("/tickets/<ticket:number>/rating", methods=["GET", "POST"])
@requires(Permission.TICKETS_OPEN)
def rating(number: int) -> ResponseReturnValue:
    """Keep how satisfied the customer is with a closed ticket."""
    ticket = found(visible_ticket(db.session, signed_in_user(), number, lock=True))
    form = RatingForm()
    if not form.is_submitted():
        return redirect(url_for(".show", number=ticket.ref, _anchor="settle"))
    if not form.validate():
        return show_ticket(ticket, rate=form)
    try:
        rate(db.session, ticket, rating=form.stars, comment=form.comment.data or "", by=signed_in_user(), now=utc_now())
    except DomainError as refusal:
        refuse_because(form.rating, refusal)
        return show_ticket(ticket, rate=form)
    db.session.commit()
    flash(_("Thank you for your rating."), "success")
    return redirect(url_for(".show", number=ticket.ref, _anchor="settle"))
