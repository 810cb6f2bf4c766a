"""Bringing somebody from outside to a ticket, and taking it back: for billing contacts and agents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.rules import EmailMalformed
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db, limiter, settings
from helpdesk.limits import GUEST_LASTS, INVITATION_LASTS
from helpdesk.permissions import Permission
from helpdesk.tickets.forms.fields import refuse_because
from helpdesk.tickets.forms.guests import InviteGuestForm
from helpdesk.tickets.models import Ticket, TicketGuest
from helpdesk.tickets.queries import visible_ticket
from helpdesk.tickets.queries.guests import guest_on
from helpdesk.tickets.services import end_guest, invite_again, invite_guest
from helpdesk.tickets.views.blueprints import one_person, portal_bp, queue_bp
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import found, requires


@dataclass(frozen=True, slots=True)
class Room:
    """Where the page stands, and where it leads back to."""

    layout: str
    here: str
    back: str

    def back_to(self, ticket: Ticket) -> str:
        """The page that lists who reads the ticket."""
        return url_for(self.back, number=ticket.ref, _anchor="copied")


PORTAL: Final = Room("layouts/portal.html", "tickets.invite", "tickets.show")
WORK: Final = Room("layouts/workspace.html", "queue.invite", "queue.people")


@portal_bp.route("/tickets/<ticket:number>/guests", methods=["GET", "POST"])
@requires(Permission.GUESTS_INVITE)
@limiter.limit("60/hour", key_func=one_person, methods=["POST"])
def invite(number: int) -> ResponseReturnValue:
    """Say what a guest will see, and invite one."""
    return _invite(_ticket(number), PORTAL)


@queue_bp.route("/tickets/<ticket:number>/guests", methods=["GET", "POST"], endpoint="invite")
@requires(Permission.TICKETS_WORK)
@limiter.limit("60/hour", key_func=one_person, methods=["POST"])
def invite_from_desk(number: int) -> ResponseReturnValue:
    """The same for agents."""
    return _invite(_ticket(number), WORK)


@portal_bp.post("/tickets/<ticket:number>/guests/<public_id>/again")
@requires(Permission.GUESTS_INVITE)
def invite_once_more(number: int, public_id: str) -> ResponseReturnValue:
    """Send a new link, for another stretch of time."""
    return _again(*_guest(number, public_id), PORTAL)


@queue_bp.post("/tickets/<ticket:number>/guests/<public_id>/again", endpoint="invite_once_more")
@requires(Permission.TICKETS_WORK)
def invite_once_more_from_desk(number: int, public_id: str) -> ResponseReturnValue:
    """The same for agents."""
    return _again(*_guest(number, public_id), WORK)


@portal_bp.post("/tickets/<ticket:number>/guests/<public_id>/end")
@requires(Permission.GUESTS_INVITE)
def uninvite(number: int, public_id: str) -> ResponseReturnValue:
    """Take an invitation back, at once."""
    return _end(*_guest(number, public_id), PORTAL)


@queue_bp.post("/tickets/<ticket:number>/guests/<public_id>/end", endpoint="uninvite")
@requires(Permission.TICKETS_WORK)
def uninvite_from_desk(number: int, public_id: str) -> ResponseReturnValue:
    """The same for agents."""
    return _end(*_guest(number, public_id), WORK)


def _ticket(number: int) -> Ticket:
    return found(visible_ticket(db.session, signed_in_user(), number, lock=True))


def _guest(number: int, public_id: str) -> tuple[Ticket, TicketGuest]:
    ticket = _ticket(number)
    return ticket, found(guest_on(db.session, ticket, public_id))


def _invite(ticket: Ticket, room: Room) -> ResponseReturnValue:
    form = InviteGuestForm(data={"locale": ticket.locale})
    if not form.validate_on_submit() or not _invited(form, ticket):
        return render_template(
            "tickets/guests/invite.html",
            layout=room.layout,
            ticket=ticket,
            form=form,
            action=url_for(room.here, number=ticket.ref),
            back=room.back_to(ticket),
            link_days=INVITATION_LASTS.days,
            days=GUEST_LASTS.days,
        )
    flash(_("The invitation to %(email)s is on its way.", email=form.email.data), "success")
    return redirect(room.back_to(ticket))


def _invited(form: InviteGuestForm, ticket: Ticket) -> bool:
    """Invite, or say in the form why not."""
    try:
        invite_guest(
            db.session,
            ticket,
            email=str(form.email.data),
            locale=form.locale.data,
            by=signed_in_user(),
            secret=settings().secret(),
            now=utc_now(),
        )
    except EmailMalformed as refusal:
        refuse_because(form.email, refusal)
        return False
    except DomainError as refusal:
        form.form_errors.append(sentence_of(refusal))
        return False
    db.session.commit()
    return True


def _again(ticket: Ticket, guest: TicketGuest, room: Room) -> ResponseReturnValue:
    try:
        invite_again(db.session, guest, by=signed_in_user(), secret=settings().secret(), now=utc_now())
    except DomainError as refusal:
        flash(sentence_of(refusal), "error")
    else:
        db.session.commit()
        flash(_("The invitation to %(email)s is on its way.", email=guest.email), "success")
    return redirect(room.back_to(ticket))


def _end(ticket: Ticket, guest: TicketGuest, room: Room) -> ResponseReturnValue:
    end_guest(db.session, guest, by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("%(name)s no longer sees this ticket, and gets no more mails about it.", name=guest.name), "success")
    return redirect(room.back_to(ticket))
