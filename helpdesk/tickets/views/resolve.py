"""Resolving: only with words to the customer."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.tickets import labels
from helpdesk.tickets.forms.fields import refuse_because
from helpdesk.tickets.forms.work import ResolveForm
from helpdesk.tickets.models import MessageKind, Ticket
from helpdesk.tickets.queries import messages_visible_to, visible_ticket
from helpdesk.tickets.queries.visible import events_of
from helpdesk.tickets.rules.news import seen_now
from helpdesk.tickets.rules.states import may_resolve
from helpdesk.tickets.services import resolve_ticket
from helpdesk.tickets.views.blueprints import queue_bp
from helpdesk.tickets.views.work import news_since
from helpdesk.web.guards import found, requires


@queue_bp.route("/tickets/<ticket:number>/resolve", methods=["GET", "POST"])
@requires(Permission.TICKETS_WORK)
def resolve(number: int) -> ResponseReturnValue:
    """Explain to the customer what was done, and resolve the ticket."""
    ticket = found(visible_ticket(db.session, signed_in_user(), number, lock=True))
    if not may_resolve(ticket.state):
        state = labels.STATES[ticket.state]
        flash(_("This ticket cannot be resolved now; it is: %(state)s.", state=state), "warning")
        return redirect(url_for(".show", number=ticket.ref))
    form = ResolveForm(ticket)
    if not form.is_submitted():
        return _page(form, ticket)
    news = news_since(ticket, form.seen.data, body=None)
    if not form.validate() or news:
        return _page(form, ticket, news=news or [])
    return _resolved(form, ticket)


def _resolved(form: ResolveForm, ticket: Ticket) -> ResponseReturnValue:
    try:
        resolve_ticket(
            db.session,
            ticket,
            explanation=form.explanation.data or "",
            by=signed_in_user(),
            now=utc_now(),
            dispute=form.decided,
        )
    except DomainError as refusal:
        db.session.rollback()
        refuse_because(form.explanation, refusal)
        return _page(form, ticket)
    db.session.commit()
    flash(_("The customer has been told. The ticket waits for their confirmation."), "success")
    return redirect(url_for(".show", number=ticket.ref))


def _page(form: ResolveForm, ticket: Ticket, news: list[str] | None = None) -> ResponseReturnValue:
    messages = messages_visible_to(db.session, signed_in_user(), ticket)
    form.seen.data = str(seen_now(messages, events_of(db.session, ticket)))
    public = [message for message in messages if message.kind is MessageKind.PUBLIC]
    latest = next((message for message in reversed(public) if not message.is_ours), None)
    return render_template("queue/resolve.html", form=form, ticket=ticket, news=news or [], latest=latest)
