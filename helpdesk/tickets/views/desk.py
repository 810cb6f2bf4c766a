"""Views of one's own, tags, and what is like a ticket."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db, settings
from helpdesk.permissions import Permission
from helpdesk.search.jobs import get_index
from helpdesk.tickets import labels
from helpdesk.tickets.forms.desk import SaveViewForm
from helpdesk.tickets.queries import ticket_for_page, visible_ticket
from helpdesk.tickets.queries.desk import own_view
from helpdesk.tickets.queries.finding import articles_for, tickets_alike
from helpdesk.tickets.rules.macros import tags_in
from helpdesk.tickets.services.desk import set_tags
from helpdesk.tickets.services.views import change_view, save_view
from helpdesk.tickets.views.blueprints import queue_bp
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import found, requires

FILTERS = (
    "view",
    "state",
    "topic",
    "priority",
    "owner",
    "customer",
    "tag",
    "locale",
    "vnet",
    "disputed",
    "days",
    "q",
    "sort",
)
"""What an address of the queue may say."""


def address_of(query: str) -> str:
    """The part of a queue's address that says what is shown, and nothing else."""
    pairs = [(name, value) for name, value in parse_qsl(query) if name in FILTERS and value]
    return urlencode(pairs)[:500]


@queue_bp.post("/queue/views")
@requires(Permission.TICKETS_WORK)
def keep_view() -> ResponseReturnValue:
    """Name what the filter bar says now."""
    form = SaveViewForm()
    query = address_of(form.query.data or "")
    if not form.validate():
        flash(_("Give the view a name of at most 60 characters."), "error")
        return redirect(f"{url_for('.index')}?{query}")
    save_view(
        db.session,
        owner=signed_in_user(),
        name=form.name.data or "",
        query=query,
        shared=bool(form.shared.data),
        now=utc_now(),
    )
    db.session.commit()
    flash(_("The view is kept."), "success")
    return redirect(f"{url_for('.index')}?{query}")


@queue_bp.post("/queue/views/<public_id>")
@requires(Permission.TICKETS_WORK)
def change_view_of(public_id: str) -> ResponseReturnValue:
    """Rename a view of one's own, share it with the team or keep it to oneself."""
    view = found(own_view(db.session, signed_in_user(), public_id))
    form = SaveViewForm()
    address = f"{url_for('.index')}?{view.query}"
    if not form.validate():
        flash(_("Give the view a name of at most 60 characters."), "error")
        return redirect(address)
    try:
        change_view(db.session, view, name=form.name.data or "", shared=bool(form.shared.data))
    except DomainError as refusal:
        db.session.rollback()
        flash(sentence_of(refusal), "error")
        return redirect(address)
    db.session.commit()
    flash(_("The whole team sees this view now.") if view.shared else _("Only you see this view now."), "success")
    return redirect(address)


@queue_bp.post("/queue/views/<public_id>/delete")
@requires(Permission.TICKETS_WORK)
def delete_view(public_id: str) -> ResponseReturnValue:
    """Throw a view of one's own away."""
    db.session.delete(found(own_view(db.session, signed_in_user(), public_id)))
    db.session.commit()
    flash(_("The view is gone."), "success")
    return redirect(url_for(".index"))


@queue_bp.post("/tickets/<ticket:number>/tags")
@requires(Permission.TICKETS_WORK)
def tag(number: int) -> ResponseReturnValue:
    """Put tags on a ticket."""
    ticket = found(visible_ticket(db.session, signed_in_user(), number, lock=True))
    try:
        set_tags(db.session, ticket, tags=tags_in(request.form.get("tags", "")), by=signed_in_user(), now=utc_now())
    except DomainError as refusal:
        flash(sentence_of(refusal), "error")
    else:
        db.session.commit()
    return redirect(url_for(".show", number=ticket.ref, _anchor="tags"))


@queue_bp.get("/tickets/<ticket:number>/similar")
@requires(Permission.TICKETS_WORK)
def similar(number: int) -> ResponseReturnValue:
    """Show tickets and articles about the same; scripts ask for the piece alone."""
    ticket = found(ticket_for_page(db.session, signed_in_user(), number))
    index = get_index(settings())
    text = request.args.get("q", "").strip()[:200]
    template = "queue/_similar.html" if request.args.get("piece") else "queue/similar.html"
    return render_template(
        template,
        ticket=ticket,
        alike=tickets_alike(db.session, signed_in_user(), ticket, index=index),
        articles=articles_for(db.session, ticket, index=index, text=text),
        text=text,
        labels=labels,
    )
