"""The front door: search first, then whatever is mine."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from helpdesk.accounts.access import signed_in_user_or_none
from helpdesk.accounts.models import User
from helpdesk.extensions import db
from helpdesk.kb.queries import reader as articles
from helpdesk.tickets import labels
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import PortalFilter, portal_page
from helpdesk.web.formatting import today
from helpdesk.web.guards import public
from helpdesk.web.locale import current_locale

bp = Blueprint("home", __name__)

_TICKETS = 4


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Show the search, the shelves, the articles that help most, and my open tickets."""
    person = signed_in_user_or_none()
    return render_template(
        "home/index.html",
        shelves=articles.shelves(db.session, person),
        popular=articles.popular(db.session, person, current_locale(), today=today()),
        tickets=_open_tickets(person),
        labels=labels,
    )


def _open_tickets(person: User | None) -> list[Ticket]:
    if person is None or person.customer_id is None:
        return []
    return list(portal_page(db.session, person, chosen=PortalFilter.OPEN).rows[:_TICKETS])
