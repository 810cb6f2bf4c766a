"""How the application gets to know this slice."""

from __future__ import annotations

from flask import Flask, url_for

from helpdesk.clock import utc_now
from helpdesk.config import Settings
from helpdesk.escalations.jobs import schedule
from helpdesk.escalations.labels import STATE_TONES, STATES
from helpdesk.escalations.queries import CustomerView, customer_view_of, open_case_of
from helpdesk.extensions import db
from helpdesk.tickets.models import Ticket


def init_app(app: Flask) -> None:
    """Offer the ticket pages what they show of a case, and have the follow-ups done.

    `vianet_status(ticket)` is for customers: since when, next check, or None. `vianet_case(ticket)` is for the
    workspace: address, label, tone and due date of the open case, or None.
    """
    settings: Settings = app.config["HELPDESK"]
    schedule(settings.partner_time_zone)
    app.jinja_env.globals["vianet_status"] = vianet_status
    app.jinja_env.globals["vianet_case"] = vianet_case


def vianet_status(ticket: Ticket) -> CustomerView | None:
    """Tell a customer's page since when the ticket is with 21Vianet, and when we look again."""
    return customer_view_of(db.session, ticket, now=utc_now())


def vianet_case(ticket: Ticket) -> dict[str, object] | None:
    """Tell the workspace about the ticket's open case."""
    case = open_case_of(db.session, ticket.id)
    if case is None:
        return None
    return {
        "url": url_for("escalations.show", public_id=case.public_id),
        "label": STATES[case.state],
        "tone": STATE_TONES[case.state],
        "request_number": case.request_number,
        "due_at": case.due_at,
    }
