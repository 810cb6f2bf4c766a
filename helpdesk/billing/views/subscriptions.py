"""Subscriptions, and what a suspension would change."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.access import signed_in_user
from helpdesk.billing.queries import subscriptions_page
from helpdesk.billing.views.shared import bp, page
from helpdesk.extensions import db
from helpdesk.limits import DATA_RETENTION_DAYS
from helpdesk.permissions import Permission
from helpdesk.web.guards import requires


@bp.get("/subscriptions")
@requires(Permission.PORTAL_USE, Permission.CUSTOMERS_SEE)
def subscriptions() -> ResponseReturnValue:
    """List the subscriptions that the reader may see."""
    customer = request.args.get("customer", "")[:16]
    after = request.args.get("after", default=0, type=int)
    rows = subscriptions_page(db.session, signed_in_user(), after=after, customer=customer or None)
    more = url_for(".subscriptions", after=rows.next_key, customer=customer or None) if rows.next_key else ""
    return page(
        "billing/subscriptions.html",
        rows=rows,
        more_url=more,
        asked_customer=customer or None,
        retention_days=DATA_RETENTION_DAYS,
    )
