"""Notices, one notice with its two clocks, and what is done with it."""

from __future__ import annotations

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.collections.ics import notice_calendar
from helpdesk.collections.models import SuspensionNotice
from helpdesk.collections.queries import amounts_of, notice_visible, notices_page
from helpdesk.collections.services import acknowledge
from helpdesk.collections.services.history import NOTICE
from helpdesk.collections.views.shared import bp, clause_anchor, page, rendered_text
from helpdesk.extensions import db
from helpdesk.notifications.queries import deliveries_about
from helpdesk.permissions import Permission
from helpdesk.web.guards import found, requires


@bp.get("/notices")
@requires(Permission.NOTICES_SEE, Permission.CUSTOMERS_SEE)
def notices() -> ResponseReturnValue:
    """List the notices that the reader may see, newest first."""
    before = request.args.get("before", type=int)
    rows = notices_page(db.session, signed_in_user(), before=before)
    more = url_for(".notices", before=rows.next_key) if rows.next_key else ""
    return page("collections/notices.html", rows=rows, more_url=more, shows_money=_shows_money())


@bp.get("/notices/<public_id>")
@requires(Permission.NOTICES_SEE, Permission.CUSTOMERS_SEE)
def notice(public_id: str) -> ResponseReturnValue:
    """Show one notice: both clocks, what still works, how to stop it."""
    row = _found(public_id)
    is_staff = signed_in_user().role.is_staff
    return page(
        "collections/notice.html",
        notice=row,
        amounts=amounts_of(db.session, row),
        clause_url=_clause_url(row),
        deliveries=deliveries_about(db.session, NOTICE, row.id) if is_staff else [],
        can_acknowledge=not is_staff and row.acknowledged_at is None,
        shows_money=_shows_money(),
    )


@bp.post("/notices/<public_id>/acknowledge")
@requires(Permission.NOTICES_SEE)
def acknowledged(public_id: str) -> ResponseReturnValue:
    """Note that somebody at the customer has read it."""
    row = _found(public_id)
    acknowledge(db.session, row, by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("Thank you. We know that the notice has reached you. Both dates stand until it is settled."), "success")
    return redirect(url_for(".notice", public_id=public_id))


@bp.get("/notices/<public_id>/dates.ics")
@requires(Permission.NOTICES_SEE, Permission.CUSTOMERS_SEE)
def dates(public_id: str) -> ResponseReturnValue:
    """Send both dates as a calendar file."""
    row = _found(public_id)
    url = url_for(".notice", public_id=public_id, _external=True)
    response = Response(notice_calendar(row, url=url), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="notice-{row.public_id}.ics"'
    return response


def _found(public_id: str) -> SuspensionNotice:
    return found(notice_visible(db.session, signed_in_user(), public_id))


def _shows_money() -> bool:
    """Amounts and invoices are for those who may see invoices."""
    person = signed_in_user()
    return person.may(Permission.INVOICES_SEE) or person.may(Permission.CUSTOMERS_SEE)


def _clause_url(row: SuspensionNotice) -> str:
    _text, rendered = rendered_text(row.policy)
    return url_for(".policy_version", version=row.policy.version, _anchor=clause_anchor(rendered, row.clause))
