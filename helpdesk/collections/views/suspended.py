"""A suspension for misuse or at the customer's request, for the people of the customer."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.access import signed_in_user
from helpdesk.billing.rules.invoices import day_in
from helpdesk.clock import utc_now
from helpdesk.collections.queries.suspended import suspension_visible
from helpdesk.collections.views.shared import bp, page
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.web.formatting import today
from helpdesk.web.guards import found, requires


@bp.get("/suspensions/<public_id>")
@requires(Permission.NOTICES_SEE)
def suspension(public_id: str) -> ResponseReturnValue:
    """Show what is suspended, until when it can come back, and how; one for non-payment is told by its notice."""
    case = found(suspension_visible(db.session, signed_in_user(), public_id))
    if case.notice is not None and not case.was_overtaken:
        return redirect(url_for(".notice", public_id=case.notice.public_id))
    since = day_in(case.customer.time_zone, case.suspended_at or utc_now())
    return page(
        "collections/suspension.html",
        case=case,
        since=since,
        days_since=(since - today()).days,
        days_left=(case.data_deleted_on - today()).days if case.data_deleted_on else 0,
    )
