"""Linking, merging and splitting tickets; and who else is looking at one."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.tickets.models import LinkKind, Ticket
from helpdesk.tickets.queries import messages_visible_to, visible_ticket
from helpdesk.tickets.queries.portal import number_in
from helpdesk.tickets.services.joining import link, merge, split, take_back
from helpdesk.tickets.services.presence import others_here
from helpdesk.tickets.views.blueprints import calendar, queue_bp
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import found, requires


@queue_bp.post("/tickets/<ticket:number>/join")
@requires(Permission.TICKETS_WORK)
def join(number: int) -> ResponseReturnValue:
    """Link the ticket with another, or merge it into that one."""
    person, now = signed_in_user(), utc_now()
    ticket = found(visible_ticket(db.session, person, number, lock=True))
    other_number = number_in(request.form.get("other", ""))
    other = visible_ticket(db.session, person, other_number, lock=True) if other_number is not None else None
    if other is None:
        flash(_("There is no ticket with that number."), "error")
        return _back(ticket)
    try:
        if "merge" in request.form:
            merge(db.session, ticket, other, by=person, now=now)
        else:
            link(db.session, ticket, other, by=person, now=now, kind=LinkKind.RELATED)
    except DomainError as refusal:
        db.session.rollback()
        flash(sentence_of(refusal), "error")
        return _back(ticket)
    db.session.commit()
    flash(_("%(ref)s and %(other)s belong together now.", ref=ticket.ref, other=other.ref), "success")
    return _back(other if "merge" in request.form else ticket)


def _back(ticket: Ticket) -> ResponseReturnValue:
    return redirect(url_for(".show", number=ticket.ref, _anchor="links"))


@queue_bp.post("/tickets/<ticket:number>/part")
@requires(Permission.TICKETS_WORK)
def part(number: int) -> ResponseReturnValue:
    """Take a merge of this ticket back."""
    ticket = found(visible_ticket(db.session, signed_in_user(), number, lock=True))
    try:
        take_back(db.session, ticket, by=signed_in_user(), now=utc_now())
    except DomainError as refusal:
        db.session.rollback()
        flash(sentence_of(refusal), "error")
        return _back(ticket)
    db.session.commit()
    flash(_("The merge is taken back."), "success")
    return _back(ticket)


@queue_bp.post("/tickets/<ticket:number>/split")
@requires(Permission.TICKETS_WORK)
def split_off(number: int) -> ResponseReturnValue:
    """Make a ticket of its own from a message."""
    ticket = found(visible_ticket(db.session, signed_in_user(), number, lock=True))
    messages = messages_visible_to(db.session, signed_in_user(), ticket)
    message = found(next((each for each in messages if each.public_id == request.form.get("message")), None))
    try:
        new = split(db.session, ticket, message, by=signed_in_user(), now=utc_now(), calendar=calendar())
    except DomainError as refusal:
        db.session.rollback()
        flash(sentence_of(refusal), "error")
        return _back(ticket)
    db.session.commit()
    flash(_("The message is %(ref)s now.", ref=new.ref), "success")
    return redirect(url_for(".show", number=new.ref))


@queue_bp.post("/tickets/<ticket:number>/presence")
@requires(Permission.TICKETS_WORK)
def presence(number: int) -> ResponseReturnValue:
    """Say that one is here, and hear who else is; asked every 15 seconds by the page."""
    ticket = found(visible_ticket(db.session, signed_in_user(), number))
    here = others_here(
        db.session, ticket, by=signed_in_user(), writing=request.form.get("writing") == "1", now=utc_now()
    )
    db.session.commit()
    words = [
        _("%(name)s is writing.", name=name) if writing else _("%(name)s is reading this too.", name=name)
        for name, writing in here
    ]
    return {"here": words}
