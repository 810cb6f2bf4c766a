"""Booking money that came in without a proof, and taking a booking back."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.billing.forms import PaymentForm, refuse_because
from helpdesk.billing.queries.invoices import InvoiceRow, invoice_head
from helpdesk.billing.services import record_payment
from helpdesk.billing.views.desk.shared import bp, page
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.web.formatting import today
from helpdesk.web.guards import found, requires


@bp.route("/invoices/<number>/payment", methods=["GET", "POST"])
@requires(Permission.PAYMENTS_BOOK)
def payment(number: str) -> ResponseReturnValue:
    """Book a payment on an invoice; a negative one takes an earlier one back."""
    invoice, balance = _found(number)
    form = PaymentForm(balance.outstanding, data={"on": today()})
    if not form.validate_on_submit():
        return _page(number, form)
    try:
        record_payment(db.session, invoice, **form.values, by=signed_in_user(), now=utc_now())
    except DomainError as refusal:
        db.session.rollback()
        refuse_because(form.amount, refusal)
        return _page(number, form)
    db.session.commit()
    flash(_("It is booked, and the invoice says so."), "success")
    return redirect(url_for("billing.invoice", number=number))


def _found(number: str) -> InvoiceRow:
    return found(invoice_head(db.session, signed_in_user(), number))


def _page(number: str, form: PaymentForm) -> ResponseReturnValue:
    invoice, balance = _found(number)
    return page("payment.html", invoice=invoice, balance=balance, form=form)
