"""Where the pages hang, and the way back to the list that a person stands in."""

from __future__ import annotations

from flask import Blueprint, url_for

from helpdesk.accounts.models import Customer, User
from helpdesk.permissions import Permission

bp = Blueprint("people", __name__)


def list_path(actor: User, customer: Customer | None) -> str:
    """The list of a customer's people, or of the partner's (None), as `actor` sees it."""
    if customer is None:
        return url_for("people.everyone", role="staff")
    if actor.may(Permission.CUSTOMER_PEOPLE):
        return url_for("people.customer", public_id=customer.public_id)
    return url_for("people.organisation")
