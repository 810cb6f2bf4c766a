"""The one page of somebody from outside: a ticket's public messages, an answer, and the way out.

No account is behind it. The mailed link works once, by a button as mail scanners open links; what it leaves in the
browser opens this one ticket while the invitation holds, which every request asks the database.
"""

from __future__ import annotations

from typing import Final

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db, limiter, settings
from helpdesk.tickets.forms.fields import refuse_because
from helpdesk.tickets.forms.guests import ComeInForm, GuestReplyForm
from helpdesk.tickets.models import TicketGuest, TicketState
from helpdesk.tickets.queries import copied_on
from helpdesk.tickets.queries.guests import (
    attachment_for,
    guest_by_link,
    guests_of,
    messages_for,
    visiting_guest,
    waiting_guest,
)
from helpdesk.tickets.services import come_in, end_guest, reply_as_guest, send_new_link
from helpdesk.tickets.views.attachments import handed_out
from helpdesk.tickets.views.blueprints import calendar, guest_bp, store
from helpdesk.tickets.views.entries import portal_entries
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import found, public
from helpdesk.web.locale import use_locale

_VISITS: Final = "guest_visits"
_VISITS_MAX: Final = 5
"""So many tickets one browser is a guest of at a time; a cookie has little room."""


def _page_of() -> str:
    """What a rate limit counts: one guest's page, wherever it is opened."""
    return f"guest:{(request.view_args or {}).get('public_id', '')}"


def _visits() -> dict[str, str]:
    kept = session.get(_VISITS)
    return dict(kept) if isinstance(kept, dict) else {}


def _visitor(public_id: str, *, lock: bool = False) -> TicketGuest | None:
    visit = _visits().get(public_id, "")
    guest = visiting_guest(db.session, public_id, visit, now=utc_now(), lock=lock) if visit else None
    if guest is not None and session.get("locale") is None:
        use_locale(guest.locale)
    return guest


@guest_bp.route("/link/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30/minute")
def arrive(token: str) -> ResponseReturnValue:
    """Show to what somebody was invited; only sending the form uses the link up."""
    guest = guest_by_link(db.session, token, now=utc_now())
    if guest is None:
        return render_template("tickets/guests/over.html"), 404
    if session.get("locale") is None:
        use_locale(guest.locale)
    form = ComeInForm(data={"name": guest.name if guest.came_at else ""})
    if not form.validate_on_submit() or not _came(form, token):
        return render_template("tickets/guests/arrive.html", form=form, guest=guest, action=request.path)
    return redirect(url_for(".show", public_id=guest.public_id))


def _came(form: ComeInForm, token: str) -> bool:
    """Begin the visit in this browser, or say in the form why not."""
    try:
        guest, visit = come_in(db.session, token=token, name=str(form.name.data), now=utc_now())
    except DomainError as refusal:
        form.form_errors.append(sentence_of(refusal))
        return False
    db.session.commit()
    others = [pair for pair in _visits().items() if pair[0] != guest.public_id]
    session[_VISITS] = dict([*others, (guest.public_id, visit)][-_VISITS_MAX:])
    return True


@guest_bp.route("/<public_id>", methods=["GET", "POST"])
@public
@limiter.limit("60/hour", key_func=_page_of, methods=["POST"])
@limiter.limit("120/minute")
def show(public_id: str) -> ResponseReturnValue:
    """Show the ticket to its guest; by POST, write on it. Without a visit, offer to mail a link to the guest."""
    guest = _visitor(public_id, lock=request.method == "POST")
    if guest is None:
        waiting = found(waiting_guest(db.session, public_id, now=utc_now()))
        if session.get("locale") is None:
            use_locale(waiting.locale)
        return render_template("tickets/guests/ask.html", guest=waiting), 401
    form = GuestReplyForm()
    if form.is_submitted() and form.validate() and _said(guest, form):
        return redirect(url_for(".show", public_id=public_id, _anchor="latest"))
    ticket, now = guest.ticket, utc_now()
    return render_template(
        "tickets/guests/show.html",
        guest=guest,
        ticket=ticket,
        entries=portal_entries(messages_for(db.session, guest), ()),
        form=form,
        may_reply=ticket.state is not TicketState.CLOSED,
        followers=copied_on(db.session, ticket),
        guests=guests_of(db.session, ticket, now=now),
    )


def _said(guest: TicketGuest, form: GuestReplyForm) -> bool:
    """Write the message, once however often the form comes; or say in the form why not."""
    latest = messages_for(db.session, guest)[-1:]
    if latest and latest[0].guest_id == guest.id and latest[0].body == form.body.data and not form.files.files:
        return True
    try:
        reply_as_guest(
            db.session,
            guest,
            body=form.body.data or "",
            now=utc_now(),
            files=form.files.files,
            store=store(),
            calendar=calendar(),
        )
    except DomainError as refusal:
        refuse_because(form.body, refusal)
        return False
    db.session.commit()
    flash(_("Your message is with us."), "success")
    return True


@guest_bp.get("/<public_id>/files/<file_id>")
@public
@limiter.limit("120/minute")
def file(public_id: str, file_id: str) -> ResponseReturnValue:
    """Hand out a file of a public message."""
    guest = found(_visitor(public_id))
    return handed_out(found(attachment_for(db.session, guest, file_id)))


@guest_bp.post("/<public_id>/link")
@public
@limiter.limit("5/hour", key_func=_page_of)
@limiter.limit("10/hour")
def ask(public_id: str) -> ResponseReturnValue:
    """Mail a new link to the invited address, and nowhere else; the answer does not tell whether one went out."""
    guest = found(waiting_guest(db.session, public_id, now=utc_now()))
    try:
        send_new_link(db.session, guest, secret=settings().secret(), now=utc_now())
    except DomainError:
        db.session.rollback()
    else:
        db.session.commit()
    flash(_("A link is on its way to the address that was invited, unless one went out a moment ago."), "success")
    return redirect(url_for(".show", public_id=public_id))


@guest_bp.post("/<public_id>/leave")
@public
def leave(public_id: str) -> ResponseReturnValue:
    """Leave the ticket for good."""
    guest = _visitor(public_id, lock=True)
    if guest is None:
        abort(404)
    end_guest(db.session, guest, by=None, now=utc_now())
    db.session.commit()
    session[_VISITS] = {name: visit for name, visit in _visits().items() if name != public_id}
    flash(_("You have left the ticket. Nothing more is mailed to you."), "success")
    return redirect(url_for("home.index"))
