"""Notices, one notice with its two clocks, and what is done with it."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from helpdesk.accounts.access import signed_in_user
from helpdesk.clock import utc_now
from helpdesk.collections.forms import DropForm, ReasonForm
from helpdesk.collections.ics import notice_calendar
from helpdesk.collections.models import SuspensionNotice
from helpdesk.collections.queries import notice_visible, notices_page
from helpdesk.collections.queries.ledger import ledger_of
from helpdesk.collections.services import acknowledge as acknowledge_notice
from helpdesk.collections.services.amending import note_seen
from helpdesk.collections.views.shared import bp, page
from helpdesk.collections.views.sheets import notice_sheet, situation_of
from helpdesk.extensions import db, settings
from helpdesk.permissions import Permission
from helpdesk.web.afterwards import afterwards
from helpdesk.web.formatting import today
from helpdesk.web.guards import found, requires
from helpdesk.web.locale import current_locale
from helpdesk.workcalendar.current import current_calendar


@bp.get("/notices")
@requires(Permission.NOTICES_SEE, Permission.CUSTOMERS_SEE)
def notices() -> ResponseReturnValue:
    """List the notices that the reader may see, those in force first."""
    customer = request.args.get("customer", "")[:16]
    rows = notices_page(db.session, signed_in_user(), before=request.args.get("before"), customer=customer or None)
    more = url_for(".notices", before=rows.next_key, customer=customer or None) if rows.next_key else ""
    shown = [(notice, amounts, situation_of(notice, amounts, today=today())) for notice, amounts in rows.rows]
    return page("collections/notices.html", rows=shown, more_url=more, is_first="before" not in request.args)


@bp.get("/notices/<public_id>")
@requires(Permission.NOTICES_SEE, Permission.CUSTOMERS_SEE)
def notice(public_id: str) -> ResponseReturnValue:
    """Show one notice: both clocks, what still works and for whom, how to stop it."""
    row, person = _found(public_id), signed_in_user()
    response = make_response(notice_page(row))
    if person.customer_id is not None:
        notice_id, user_id, now = row.id, person.id, utc_now()
        afterwards(response, lambda fresh: note_seen(fresh, notice_id, user_id, now=now))
    return response


def notice_page(row: SuspensionNotice, **typed: FlaskForm) -> str:
    """Render one notice; for staff with the delivery ledger and what may be done with it."""
    person = signed_in_user()
    sheet = notice_sheet(
        db.session,
        row,
        locale=current_locale(),
        today=today(),
        calendar=current_calendar(db.session, zone=settings().partner_time_zone),
    )
    is_staff = person.role.is_staff
    forms = {"correct": ReasonForm(prefix="correct"), "withdraw": DropForm(prefix="withdraw"), **typed}
    return page(
        "collections/notice.html",
        sheet=sheet,
        ledger=ledger_of(db.session, row, sheet.deliveries) if is_staff else [],
        forms=forms,
    )


@bp.post("/notices/<public_id>/acknowledge")
@requires(Permission.INVOICES_SEE)
def acknowledge(public_id: str) -> ResponseReturnValue:
    """Note that a billing contact has read it."""
    row = _found(public_id)
    acknowledge_notice(db.session, row, by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("Thank you. We know that the notice has reached you. Both dates stand until it is settled."), "success")
    return redirect(url_for(".notice", public_id=public_id))


@bp.get("/notices/<public_id>/dates.ics")
@requires(Permission.NOTICES_SEE, Permission.CUSTOMERS_SEE)
def dates(public_id: str) -> ResponseReturnValue:
    """Send both dates as a calendar file."""
    row = _found(public_id)
    url = settings().base_url.rstrip("/") + url_for(".notice", public_id=public_id)
    response = Response(notice_calendar(row, url=url), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="notice-{row.public_id}.ics"'
    return response


def _found(public_id: str) -> SuspensionNotice:
    return found(notice_visible(db.session, signed_in_user(), public_id))
