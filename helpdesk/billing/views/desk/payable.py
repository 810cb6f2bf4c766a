"""What is owed to 21Vianet: by its invoices, and by the files whose invoice is not known."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.billing.labels import DOCUMENT_TYPES
from helpdesk.billing.queries.payables import payables
from helpdesk.billing.rules.reconcile import BilledPayable
from helpdesk.billing.services.payables import link_file, note_invoice_paid, set_payable
from helpdesk.billing.views.desk.reading import reading_sheet
from helpdesk.billing.views.desk.shared import bp, page
from helpdesk.clock import utc_now
from helpdesk.extensions import db
from helpdesk.limits import LATE_CHARGE_AS_OF, LATE_CHARGE_PERCENT, PARTNER_PAYMENT_DAYS
from helpdesk.permissions import Permission
from helpdesk.web.guards import requires


@bp.get("/payable")
@requires(Permission.BILLING_MANAGE)
def payable() -> ResponseReturnValue:
    """Show what the partner owes 21Vianet, when it is due, and what lateness costs."""
    rows = payables(db.session)
    return page(
        "payable.html",
        rows=rows,
        reading=reading_sheet(),
        invoices=[row for row in rows if isinstance(row, BilledPayable)],
        documents=DOCUMENT_TYPES,
        days=PARTNER_PAYMENT_DAYS,
        percent=LATE_CHARGE_PERCENT,
        as_of=LATE_CHARGE_AS_OF,
    )


@bp.post("/payable/<int:file_id>")
@requires(Permission.BILLING_MANAGE)
def change_payable(file_id: int) -> ResponseReturnValue:
    """Correct the billing date, or note when it was paid."""
    billed_on, paid_on = _day("billed_on"), _day("paid_on")
    if billed_on is None:
        flash(_("Enter a day, like 2026-11-30."), "error")
        return redirect(url_for(".payable"))
    set_payable(db.session, file_id, billed_on=billed_on, paid_on=paid_on, by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(url_for(".payable"))


@bp.post("/payable/<int:file_id>/invoice")
@requires(Permission.BILLING_MANAGE)
def link_payable(file_id: int) -> ResponseReturnValue:
    """Put a file beside the invoice of 21Vianet that it explains, or take it off."""
    chosen = request.form.get("invoice", type=int)
    link_file(db.session, file_id, invoice_id=chosen, by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(url_for(".payable"))


@bp.post("/payable/invoices/<int:invoice_id>")
@requires(Permission.BILLING_MANAGE)
def change_billed(invoice_id: int) -> ResponseReturnValue:
    """Note when an invoice of 21Vianet was paid."""
    note_invoice_paid(db.session, invoice_id, paid_on=_day("paid_on"), by=signed_in_user(), now=utc_now())
    db.session.commit()
    flash(_("Saved."), "success")
    return redirect(url_for(".payable"))


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None
