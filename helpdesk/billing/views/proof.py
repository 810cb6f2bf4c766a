"""Proof of payment: the customer sends a bank slip for an invoice."""

from __future__ import annotations

from flask import abort, flash, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.billing.forms import ProofForm, refuse_because
from helpdesk.billing.models import Invoice, PaymentProof, ProofState
from helpdesk.billing.queries import proof_visible, proofs_of
from helpdesk.billing.queries.invoices import InvoiceRow, invoice_head
from helpdesk.billing.rules.proofs import hold_ends
from helpdesk.billing.services import send_proof
from helpdesk.billing.views.shared import bp, page, today
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db, limiter, settings
from helpdesk.files.store import file_store
from helpdesk.permissions import Permission
from helpdesk.web.formatting import moment
from helpdesk.web.guards import found, requires


def _person() -> str:
    return f"person:{signed_in_user().id}"


@bp.route("/invoices/<number>/proof", methods=["GET", "POST"])
@requires(Permission.INVOICES_SEE)
@limiter.limit("30/hour", key_func=_person, methods=["POST"])
def proof(number: str) -> ResponseReturnValue:
    """Send a bank slip; until we have looked at it, at most for some days, nothing is suspended over the invoice."""
    invoice, balance = _found(number)
    form = ProofForm(invoice.currency, data={"amount": str(balance.outstanding.major), "paid_on": today()})
    if not form.validate_on_submit():
        return _page(form, number)
    try:
        sent = _send(form, invoice)
    except DomainError as refusal:
        db.session.rollback()
        refuse_because(form.amount, refusal)
        return _page(form, number)
    db.session.commit()
    until = moment(sent.hold_until)
    flash(
        _("Thank you. We have your proof, and until %(moment)s nothing is suspended over it.", moment=until), "success"
    )
    return redirect(url_for(".invoice", number=number))


def _send(form: ProofForm, invoice: Invoice) -> PaymentProof:
    return send_proof(
        db.session,
        invoice,
        file=form.slip.file,
        amount=form.amount.amount,
        paid_on=form.paid_on.day,
        reference=form.reference.data or "",
        hold_days=settings().payment_proof_hold_days,
        store=file_store(settings()),
        by=signed_in_user(),
        now=utc_now(),
    )


def _found(number: str) -> InvoiceRow:
    return found(invoice_head(db.session, signed_in_user(), number))


def _page(form: ProofForm, number: str) -> ResponseReturnValue:
    invoice, balance = _found(number)
    proofs, days = proofs_of(db.session, signed_in_user(), invoice), settings().payment_proof_hold_days
    declined = [each.sent_at for each in proofs if each.state is ProofState.DECLINED]
    return page(
        "billing/proof.html",
        form=form,
        invoice=invoice,
        balance=balance,
        proofs=proofs,
        hold_days=days,
        hold_until=hold_ends(utc_now(), days=days, held_since=min(declined)) if declined else None,
    )


@bp.get("/invoices/proofs/<public_id>/file")
@requires(Permission.INVOICES_SEE, Permission.PAYMENTS_BOOK)
def proof_file(public_id: str) -> ResponseReturnValue:
    """Send the slip as a download that no browser opens or runs."""
    wanted = found(proof_visible(db.session, signed_in_user(), public_id))
    try:
        content = file_store(settings()).open(wanted.sha256)
    except FileNotFoundError:
        abort(404)
    response = send_file(
        content, mimetype=wanted.content_type, as_attachment=True, download_name=wanted.filename, max_age=0
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
