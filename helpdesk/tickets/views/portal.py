"""The customer's list, a ticket, and writing on it."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db, limiter, settings
from helpdesk.limits import REOPEN_DAYS
from helpdesk.permissions import Permission
from helpdesk.search.jobs import get_index
from helpdesk.tickets import labels
from helpdesk.tickets.forms.fields import refuse_because
from helpdesk.tickets.forms.portal import ColleagueForm, CustomerReplyForm, NotSolvedForm, RatingForm
from helpdesk.tickets.labels.fields import answered_words
from helpdesk.tickets.models import MessageKind, Ticket, TicketMessage, TicketState
from helpdesk.tickets.queries import (
    PortalFilter,
    colleagues_to_copy,
    copied_on,
    messages_visible_to,
    portal_page,
    ticket_for_page,
    visible_ticket,
)
from helpdesk.tickets.queries.drafts import draft_at, unsent_tickets
from helpdesk.tickets.queries.fields import answers_of
from helpdesk.tickets.queries.finding import own_ticket_ids_about
from helpdesk.tickets.queries.guests import guests_of
from helpdesk.tickets.queries.visible import copies_of, events_of
from helpdesk.tickets.rules.guests import may_uncopy
from helpdesk.tickets.rules.loop import may_reopen
from helpdesk.tickets.rules.news import read_seen, seen_now
from helpdesk.tickets.rules.states import CLOCK_RUNS, may_confirm
from helpdesk.tickets.rules.timeline import stations
from helpdesk.tickets.rules.words import tidy_line
from helpdesk.tickets.services import reply
from helpdesk.tickets.views.blueprints import calendar, one_person, portal_bp, store
from helpdesk.tickets.views.drafting import draft_token, files_of, filled, forget, keep
from helpdesk.tickets.views.entries import portal_entries
from helpdesk.web.guards import found, requires


@portal_bp.get("/tickets")
@requires(Permission.TICKETS_OPEN)
def index() -> ResponseReturnValue:
    """List the tickets this person may see."""
    wanted = request.args.get("state", "")
    chosen = PortalFilter(wanted) if wanted in set(PortalFilter) else PortalFilter.ALL
    text = tidy_line(request.args.get("q", ""))[:100]
    person, index = signed_in_user(), get_index(settings())
    matches = own_ticket_ids_about(db.session, person, text, index=index) if text else None
    page = portal_page(db.session, person, chosen=chosen, text=text, found=matches, after=request.args.get("after"))
    more = url_for(".index", state=chosen, q=text or None, after=page.next_key) if page.next_key else ""
    return render_template(
        "tickets/index.html",
        page=page,
        chosen=chosen,
        text=text,
        more=more,
        labels=labels,
        drafts=unsent_tickets(db.session, person),
    )


@portal_bp.route("/tickets/<ticket:number>", methods=["GET", "POST"])
@requires(Permission.TICKETS_OPEN)
@limiter.limit("60/hour", key_func=one_person, methods=["POST"])
def show(number: int) -> ResponseReturnValue:
    """Show a ticket; by POST, write on it."""
    person = signed_in_user()
    if request.method == "GET":
        return show_ticket(found(ticket_for_page(db.session, person, number)))
    form = CustomerReplyForm()
    ticket = found(visible_ticket(db.session, person, number, lock=True))
    place = f"reply:{ticket.id}"
    if "save_draft" in request.form:
        form.validate()
        keep(place, form.files.files)
        flash(_("Your draft is kept. Nobody has seen it yet."), "success")
        return redirect(url_for(".show", number=ticket.ref, _anchor="reply"))
    if not form.validate():
        keep(place, form.files.files)
        return show_ticket(ticket, form=form)
    if not _was_said(ticket, form):
        try:
            _say(ticket, form, place)
        except DomainError as refusal:
            refuse_because(form.body, refusal)
            keep(place, form.files.files)
            return show_ticket(ticket, form=form)
    return redirect(url_for(".show", number=ticket.ref, _anchor="latest"))


def _say(ticket: Ticket, form: CustomerReplyForm, place: str) -> None:
    files = files_of(form, place)
    reply(
        db.session,
        ticket,
        body=form.body.data or "",
        by=signed_in_user(),
        now=utc_now(),
        files=files,
        store=store(),
        calendar=calendar(),
    )
    forget(place)
    db.session.commit()
    flash(_("Your message is with us."), "success")


def _was_said(ticket: Ticket, form: CustomerReplyForm) -> bool:
    """Whether this very message came a moment ago: a second click, or a reload."""
    seen, latest = read_seen(form.seen.data), said_last(ticket, form.body.data)
    return seen is not None and latest is not None and latest.id > seen.message


def said_last(ticket: Ticket, body: str | None) -> TicketMessage | None:
    """The ticket's latest message, if it is the reader's and says `body`."""
    person = signed_in_user()
    latest = next(reversed(messages_visible_to(db.session, person, ticket)), None)
    return latest if latest and (latest.author_id, latest.body) == (person.id, body) else None


def show_ticket(ticket: Ticket, **forms: Any) -> ResponseReturnValue:  # noqa: ANN401 - WTForms
    """Render the customer's page of a ticket, with whatever form was refused."""
    person = signed_in_user()
    messages = messages_visible_to(db.session, person, ticket)
    events = events_of(db.session, ticket)
    answered = [message.created_at for message in messages if _is_answer(message)]
    followers = copied_on(db.session, ticket)
    place = f"reply:{ticket.id}"
    draft = draft_at(db.session, person.id, place)
    reply_form = forms.get("form") or CustomerReplyForm(formdata=None, data=filled(draft))
    reply_form.seen.data = str(seen_now(messages, events))
    return render_template(
        "tickets/show.html",
        ticket=ticket,
        entries=portal_entries(messages, events),
        stations=stations(
            ((event.kind, event.at) for event in events), ticket.state, answered_at=max(answered, default=None)
        ),
        vianet=_vianet_status(ticket) if ticket.state is TicketState.WITH_21VIANET else None,
        form=reply_form,
        draft=draft,
        token=draft_token(place),
        own=answered_words(answers_of(db.session, person, ticket), ticket),
        followers=followers,
        removable=_removable(ticket) if followers else set(),
        guests=guests_of(db.session, ticket, now=utc_now()),
        copy_form=ColleagueForm(colleagues_to_copy(db.session, ticket), formdata=None),
        again=forms.get("again") or NotSolvedForm(formdata=None),
        rate=forms.get("rate") or RatingForm(ticket.rating, ticket.rating_comment),
        may=_possibilities(ticket),
        labels=labels,
        reopen_days=REOPEN_DAYS,
    )


def _removable(ticket: Ticket) -> set[int]:
    """Whose copy the reader may take back."""
    me = signed_in_user()
    return {
        person
        for person, by in copies_of(db.session, ticket).items()
        if may_uncopy(me, ticket, person_id=person, copied_by_id=by)
    }


def _possibilities(ticket: Ticket) -> dict[str, bool]:
    """What the customer can do with the ticket now."""
    settled_at = ticket.closed_at or ticket.resolved_at
    return {
        "reply": ticket.state not in {TicketState.RESOLVED, TicketState.CLOSED},
        "confirm": may_confirm(ticket.state),
        "reopen": may_reopen(ticket.state, settled_at=settled_at, now=utc_now()),
        "rate": ticket.state is TicketState.CLOSED,
        "wait": ticket.state in CLOCK_RUNS,
    }


def _is_answer(message: TicketMessage) -> bool:
    return message.kind is MessageKind.PUBLIC and message.is_ours


def _vianet_status(ticket: Ticket) -> Any:  # noqa: ANN401 - given by a higher slice
    """Since when the ticket is with 21Vianet, and the next check, if the escalations slice says so."""
    status = current_app.jinja_env.globals.get("vianet_status")
    return status(ticket) if callable(status) else None
