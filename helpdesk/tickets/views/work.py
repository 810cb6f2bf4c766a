"""An agent's page of a ticket: read, answer, note, triage, assign."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.queries import agents
from helpdesk.accounts.watching import note_seen
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.tickets import labels
from helpdesk.tickets.forms.fields import WordsForm, refuse_because
from helpdesk.tickets.forms.work import AnswerForm, NoteForm, TriageForm
from helpdesk.tickets.labels.fields import answered_words
from helpdesk.tickets.models import Ticket, TicketEvent, TicketState
from helpdesk.tickets.queries import customer_snapshot, messages_visible_to, ticket_for_page, visible_ticket
from helpdesk.tickets.queries.beside import beside
from helpdesk.tickets.queries.drafts import drafts_at
from helpdesk.tickets.queries.fields import answers_of
from helpdesk.tickets.queries.visible import events_of, line_of
from helpdesk.tickets.rules.clocks import clocks_of
from helpdesk.tickets.rules.news import newer, read_seen, seen_now
from helpdesk.tickets.rules.promise import clock_of
from helpdesk.tickets.rules.states import may_escalate, may_resolve
from helpdesk.tickets.services import add_note, assign, reply, triage
from helpdesk.tickets.views.blueprints import calendar, queue_bp, store
from helpdesk.tickets.views.drafting import draft_token, files_of, filled, forget, keep
from helpdesk.tickets.views.entries import news_words, work_entries
from helpdesk.tickets.views.inserting import inserted, tag_by_macro
from helpdesk.tickets.views.queue import clock_text, span_text
from helpdesk.web.guards import found, requires


@queue_bp.get("/tickets/<ticket:number>")
@requires(Permission.TICKETS_WORK)
def show(number: int) -> ResponseReturnValue:
    """Show a ticket to an agent."""
    return show_work(found(ticket_for_page(db.session, signed_in_user(), number)))


@queue_bp.route("/tickets/<ticket:number>/reply", methods=["GET", "POST"])
@requires(Permission.TICKETS_WORK)
def answer(number: int) -> ResponseReturnValue:
    """Write to the customer, unless something happened that the writer has not seen."""
    if request.method == "GET":
        return redirect(url_for(".show", number=number))
    ticket = found(visible_ticket(db.session, signed_in_user(), number, lock=True))
    form = AnswerForm()
    if "save_draft" in request.form:
        return _kept(ticket, form, "reply")
    if "insert" in request.form:
        return _with_inserted(ticket, form)
    news = news_since(ticket, form.seen.data, body=form.body.data)
    if not form.validate() or news:
        keep(f"reply:{ticket.id}", form.files.files)
        return show_work(ticket, answer=form, news=news or [])
    if news is not None:
        return redirect(url_for(".show", number=ticket.ref, _anchor="latest"))
    return _written(ticket, form, "reply", reply, _("The customer gets your reply by mail."), answer=form)


@queue_bp.route("/tickets/<ticket:number>/note", methods=["GET", "POST"])
@requires(Permission.TICKETS_WORK)
def note(number: int) -> ResponseReturnValue:
    """Write an internal note."""
    if request.method == "GET":
        return redirect(url_for(".show", number=number, compose="note"))
    ticket = found(visible_ticket(db.session, signed_in_user(), number, lock=True))
    form = NoteForm()
    if "save_draft" in request.form:
        return _kept(ticket, form, "note")
    if news_since(ticket, form.seen.data, body=form.body.data) == []:
        return redirect(url_for(".show", number=ticket.ref, _anchor="latest"))
    if not form.validate():
        keep(f"note:{ticket.id}", form.files.files)
        return show_work(ticket, note=form)
    return _written(ticket, form, "note", add_note, _("The note is kept; only your colleagues see it."), note=form)


def _with_inserted(ticket: Ticket, form: AnswerForm) -> ResponseReturnValue:
    """Put a prepared answer, or a link to an article, behind what was typed; it is sent only by its own button."""
    form.validate()
    form.forget_errors()
    piece = inserted(ticket, request.form["insert"])
    if piece:
        form.body.data = "\n\n".join(part for part in (form.body.data, piece) if part)
    keep(f"reply:{ticket.id}", form.files.files)
    return show_work(ticket, answer=form, inserted=True)


def _kept(ticket: Ticket, form: WordsForm, kind: str) -> ResponseReturnValue:
    form.validate()
    keep(f"{kind}:{ticket.id}", form.files.files)
    flash(_("Your draft is kept. Nobody has seen it yet."), "success")
    return redirect(url_for(".show", number=ticket.ref, compose=kind, _anchor="composer"))


def _written(
    ticket: Ticket,
    form: WordsForm,
    kind: str,
    write: Callable[..., object],
    done: str,
    **forms: WordsForm,
) -> ResponseReturnValue:
    place = f"{kind}:{ticket.id}"
    try:
        words, files = form.body.data or "", files_of(form, place)
        tag_by_macro(ticket)
        write(db.session, ticket, body=words, by=signed_in_user(), now=utc_now(), files=files, store=store())
    except DomainError as refusal:
        refuse_because(form.body, refusal)
        keep(place, form.files.files)
        return show_work(ticket, **forms)
    forget(place)
    db.session.commit()
    flash(done, "success")
    return redirect(url_for(".show", number=ticket.ref, _anchor="latest"))


@queue_bp.route("/tickets/<ticket:number>/triage", methods=["GET", "POST"])
@requires(Permission.TICKETS_WORK)
def sort(number: int) -> ResponseReturnValue:
    """Set topic, priority and owner."""
    if request.method == "GET":
        return redirect(url_for(".show", number=number))
    ticket = found(visible_ticket(db.session, signed_in_user(), number, lock=True))
    form = TriageForm(ticket, agents(db.session))
    if not form.validate():
        return show_work(ticket, triage=form)
    outdated = form.is_outdated
    triage(db.session, ticket, **form.values(), by=signed_in_user(), now=utc_now(), calendar=calendar())
    db.session.commit()
    if outdated:
        flash(_("Somebody else changed this ticket meanwhile. Only what you chose anew was saved."), "warning")
    else:
        flash(_("Saved."), "success")
    return redirect(url_for(".show", number=ticket.ref))


@queue_bp.post("/tickets/<ticket:number>/take")
@requires(Permission.TICKETS_WORK)
def take(number: int) -> ResponseReturnValue:
    """Make the ticket one's own."""
    ticket = found(visible_ticket(db.session, signed_in_user(), number, lock=True))
    assign(db.session, ticket, owner=signed_in_user(), by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("%(ref)s is yours.", ref=ticket.ref), "success")
    return redirect(url_for(".show", number=ticket.ref))


def news_since(ticket: Ticket, seen_text: str | None, *, body: str | None) -> list[str] | None:
    """What others did since the form was opened; an empty list when this very text was sent already; None for nothing.

    A form that does not say what was seen is taken to have seen all.
    """
    seen = read_seen(seen_text)
    if seen is None:
        return None
    me = signed_in_user().id
    messages = newer(messages_visible_to(db.session, signed_in_user(), ticket), seen.message)
    if any(message.author_id == me and message.body == (body or "") for message in messages):
        return []
    events = newer(events_of(db.session, ticket), seen.event)
    others = [message for message in messages if message.author_id != me]
    return news_words(others, [event for event in events if event.actor_id != me and not _is_echo(event)]) or None


def _is_echo(event: TicketEvent) -> bool:
    """A change of state that a customer's message brought along is told by the message."""
    return event.kind == "state_changed" and event.actor is not None and not event.actor.role.is_staff


def show_work(ticket: Ticket, **given: Any) -> ResponseReturnValue:  # noqa: ANN401 - WTForms
    """Render the agents' page of a ticket, with whatever form was refused."""
    note_seen(ticket.customer)
    now = utc_now()
    messages = messages_visible_to(db.session, signed_in_user(), ticket)
    events = events_of(db.session, ticket)
    desk = beside(db.session, ticket, now=now)
    clocks = clocks_of(ticket, events, resolution_hours=desk.goal.resolution, now=now, calendar=calendar())
    places = {kind: f"{kind}:{ticket.id}" for kind in ("reply", "note")}
    drafts = drafts_at(db.session, signed_in_user(), list(places.values()))
    answer_form = given.get("answer") or AnswerForm(formdata=None, data=filled(drafts.get(places["reply"])))
    note_form = given.get("note") or NoteForm(formdata=None, data=filled(drafts.get(places["note"])))
    answer_form.seen.data = note_form.seen.data = str(seen_now(messages, events))
    clock = clock_of(ticket.state, ticket.answer_due_at, now=now)
    zone = calendar().zone
    return render_template(
        "queue/show.html",
        ticket=ticket,
        line=line_of(db.session, ticket),
        entries=work_entries(messages, events),
        clock=clock_text(clock, now=now),
        clock_tone=labels.CLOCK_TONES[clock.word],
        clock_due=clock.due_at,
        answer=answer_form,
        note=note_form,
        drafts={kind: drafts.get(place) for kind, place in places.items()},
        tokens={kind: draft_token(place) for kind, place in places.items()},
        composing="note" if given.get("note") or request.args.get("compose") == "note" else "reply",
        macros=desk.macros,
        tags=desk.tags,
        links=desk.links,
        readers=(desk.followers, desk.guests),
        clocks=clocks,
        own=answered_words(answers_of(db.session, signed_in_user(), ticket), ticket),
        spent={party: span_text(span) for party, span in clocks.spent.items()},
        triage=given.get("triage") or TriageForm(ticket, desk.agents),
        news=given.get("news") or [],
        was_inserted=given.get("inserted", False),
        snapshot=customer_snapshot(db.session, ticket, today=now.astimezone(zone).date()),
        undelivered=desk.undelivered if messages else [],
        can_resolve=may_resolve(ticket.state),
        escalate_url=_escalate_url(ticket),
        notice_url=_notice_url(ticket),
        vianet=_given_by_escalations("vianet_status", ticket) if ticket.state is TicketState.WITH_21VIANET else None,
        case=_given_by_escalations("vianet_case", ticket),
        labels=labels,
    )


def _escalate_url(ticket: Ticket) -> str:
    if "escalations.new" not in current_app.view_functions or not may_escalate(ticket.state):
        return ""
    return url_for("escalations.new", number=ticket.ref)


def _notice_url(ticket: Ticket) -> str:
    if not ticket.origin_notice or "collections.notice" not in current_app.view_functions:
        return ""
    return url_for("collections.notice", public_id=ticket.origin_notice)


def _given_by_escalations(name: str, ticket: Ticket) -> Any:  # noqa: ANN401 - the higher slice's own value
    """What the escalations slice offers pages under `name`, or None where it is not there."""
    offered = current_app.jinja_env.globals.get(name)
    return offered(ticket) if callable(offered) else None
