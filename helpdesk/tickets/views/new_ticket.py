"""Asking us something: topic first, then what the topic needs."""

from __future__ import annotations

from typing import Final

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.queries import billing_contacts_of
from helpdesk.billing.rules.disputes import DisputeNotPositive, DisputeTooLarge
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db, limiter
from helpdesk.permissions import Permission
from helpdesk.tickets import labels
from helpdesk.tickets.forms.fields import refuse_because
from helpdesk.tickets.forms.new_ticket import NewTicketForm, new_ticket_form
from helpdesk.tickets.models import Draft, LinkKind, Ticket, Topic
from helpdesk.tickets.queries import visible_ticket
from helpdesk.tickets.queries.choices import article_id_of
from helpdesk.tickets.queries.drafts import own_draft, unsent_tickets
from helpdesk.tickets.queries.portal import number_in
from helpdesk.tickets.queries.targets import current_targets
from helpdesk.tickets.rules.promise import answer_due
from helpdesk.tickets.rules.topics import AMOUNT, LINE, first_priority
from helpdesk.tickets.rules.words import tidy_line
from helpdesk.tickets.services import open_ticket
from helpdesk.tickets.services.fields import keep_answers
from helpdesk.tickets.services.joining import link
from helpdesk.tickets.views.blueprints import calendar, one_person, portal_bp, store
from helpdesk.tickets.views.drafting import draft_token, files_of, filled, forget, keep
from helpdesk.web.formatting import minute
from helpdesk.web.guards import requires

CAME_FROM: Final = ("line", "invoice", "subscription", "article", "q", "notice", "follows")
"""What an address may say of where the customer comes from."""


@portal_bp.route("/tickets/new", methods=["GET", "POST"])
@requires(Permission.TICKETS_OPEN)
@limiter.limit(
    "10/hour",
    key_func=one_person,
    methods=["POST"],
    deduct_when=lambda response: response.status_code == 302,  # noqa: PLR2004
)
def new() -> ResponseReturnValue:
    """Choose a topic, fill in its form, send it."""
    draft = own_draft(db.session, signed_in_user(), request.args.get("draft", ""))
    before = {name: value for name, value in filled(draft).items() if name != "topic"}
    topic = _topic(
        request.form.get("to_topic")
        or request.form.get("topic")
        or request.args.get("topic")
        or filled(draft).get("topic")
    )
    came_from = {name: tidy_line(request.args.get(name, ""))[:200] for name in CAME_FROM}
    if topic is None:
        return _topics({name: value for name, value in came_from.items() if value})
    form = new_ticket_form(db.session, signed_in_user(), topic, **({**came_from, "subject": came_from["q"]} | before))
    if not form.is_submitted():
        return _page(form, topic, draft)
    return _sent(form, topic)


def _topics(carried: dict[str, str]) -> ResponseReturnValue:
    drafts = unsent_tickets(db.session, signed_in_user())
    return render_template("tickets/topics.html", labels=labels, carried=carried, drafts=drafts)


def _sent(form: NewTicketForm, topic: Topic) -> ResponseReturnValue:
    """Open the ticket, or keep what was typed: files too, which a browser would forget."""
    good = form.validate()
    if "save_draft" in request.form:
        keep(_place(form), form.files.files)
        flash(_("Your draft is kept. Nobody has seen it yet."), "success")
        return redirect(url_for(".index"))
    if "to_topic" in request.form or not good:
        return _page(form, topic, keep(_place(form), form.files.files))
    try:
        ticket = _open(form, topic)
    except DomainError as refusal:
        db.session.rollback()
        _refuse(form, refusal)
        return _page(form, topic, keep(_place(form), form.files.files))
    keep_answers(db.session, ticket, form.answers, by=signed_in_user(), now=utc_now(), is_new=True)
    _link_to_earlier(ticket, form.follows.data or "")
    forget(_place(form))
    db.session.commit()
    due = minute(ticket.answer_due_at)
    flash(_("We have your ticket %(ref)s. You hear from us by %(moment)s.", ref=ticket.ref, moment=due), "success")
    return redirect(url_for(".show", number=ticket.ref))


def _place(form: NewTicketForm) -> str:
    return f"new:{(form.key.data or '')[:40]}"


def _topic(text: str | None) -> Topic | None:
    return Topic(text) if text in set(Topic) else None


def _open(form: NewTicketForm, topic: Topic) -> Ticket:
    return open_ticket(
        db.session,
        by=signed_in_user(),
        topic=topic,
        subject=form.subject.data or "",
        body=form.body.data or "",
        now=utc_now(),
        calendar=calendar(),
        idempotency_key=form.key.data or "",
        files=files_of(form, _place(form)),
        store=store(),
        origin_query=form.q.data or "",
        origin_article_id=article_id_of(db.session, form.article.data) if form.article.data else None,
        origin_notice=form.notice.data or "",
        **form.chosen(),
    )


def _link_to_earlier(ticket: Ticket, ref: str) -> None:
    """A ticket that follows one that is settled for too long is linked with it."""
    number = number_in(ref)
    earlier = visible_ticket(db.session, signed_in_user(), number) if number is not None else None
    if earlier is not None and earlier.id != ticket.id:
        link(db.session, ticket, earlier, by=signed_in_user(), now=utc_now(), kind=LinkKind.FOLLOW_UP)


def _refuse(form: NewTicketForm, refusal: DomainError) -> None:
    """Put billing's refusal where the customer can mend it."""
    is_amount = isinstance(refusal, DisputeTooLarge | DisputeNotPositive) and AMOUNT in form
    place = LINE if LINE in form else "body"
    refuse_because(form[AMOUNT if is_amount else place], refusal)


def _page(form: NewTicketForm, topic: Topic, draft: Draft | None) -> ResponseReturnValue:
    if "to_topic" in request.form:
        form.topic.data = topic.value
        form.forget_errors()
    person = signed_in_user()
    contacts = billing_contacts_of(db.session, person.customer_id or 0) if form.missing_choice else []
    can_suggest = "kb.suggest" in current_app.view_functions
    return render_template(
        "tickets/new.html",
        form=form,
        draft=draft,
        drafts=[] if draft or form.is_submitted() else unsent_tickets(db.session, person),
        token=draft_token(_place(form)),
        topic=topic,
        labels=labels,
        due_at=answer_due(
            current_targets(db.session).of(topic, first_priority(topic)).first, now=utc_now(), calendar=calendar()
        ),
        suggest_url=url_for("kb.suggest") if can_suggest else "",
        search_url=url_for("kb.search") if "kb.search" in current_app.view_functions else "",
        contacts=[contact.name for contact in contacts if contact.id != person.id],
    )
