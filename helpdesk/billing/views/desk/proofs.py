"""Proofs of payment: the list, and what is decided on one."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.billing.forms import DeclineForm, PaymentForm, refuse_because
from helpdesk.billing.models import PaymentProof
from helpdesk.billing.queries import balances_of, proof_visible
from helpdesk.billing.queries.proofs import decided_proofs, waiting_proofs
from helpdesk.billing.services import accept_proof, decline_proof
from helpdesk.billing.views.desk.shared import bp, page
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.web.guards import found, requires


@bp.get("/proofs")
@requires(Permission.PAYMENTS_BOOK)
def proofs() -> ResponseReturnValue:
    """List what waits, the oldest first, and what was decided last."""
    person = signed_in_user()
    return page(
        "proofs.html",
        waiting=waiting_proofs(db.session, person),
        decided=decided_proofs(db.session, person),
        now=utc_now(),
    )


def _found(public_id: str) -> PaymentProof:
    return found(proof_visible(db.session, signed_in_user(), public_id))


@bp.get("/proofs/<public_id>")
@requires(Permission.PAYMENTS_BOOK)
def proof(public_id: str) -> ResponseReturnValue:
    """Show one proof beside what is owed."""
    row = _found(public_id)
    return _page(row, _accept_form(row), DeclineForm(prefix="decline"))


def _accept_form(row: PaymentProof, *, is_sent: bool = True) -> PaymentForm:
    data = {"amount": str(row.amount.major), "on": row.paid_on, "reference": row.reference}
    outstanding = balances_of(db.session, [row.invoice_id])[row.invoice_id].outstanding
    return PaymentForm(outstanding, prefix="accept", data=data, **({} if is_sent else {"formdata": None}))


def _page(row: PaymentProof, accept: PaymentForm, decline: DeclineForm) -> ResponseReturnValue:
    balance = balances_of(db.session, [row.invoice_id])[row.invoice_id]
    return page("proof.html", proof=row, balance=balance, accept=accept, decline=decline, now=utc_now())


@bp.post("/proofs/<public_id>/accept")
@requires(Permission.PAYMENTS_BOOK)
def accept(public_id: str) -> ResponseReturnValue:
    """Book what came in."""
    row = _found(public_id)
    form = _accept_form(row)
    if not form.validate_on_submit():
        return _page(row, form, DeclineForm(prefix="decline", formdata=None))
    try:
        accept_proof(db.session, row, **form.values, by=signed_in_user(), now=utc_now())
    except DomainError as refusal:
        db.session.rollback()
        refuse_because(form.amount, refusal)
        return _page(_found(public_id), form, DeclineForm(prefix="decline", formdata=None))
    db.session.commit()
    flash(_("The payment is booked, and the customer is told."), "success")
    return redirect(url_for(".proofs"))


@bp.post("/proofs/<public_id>/decline")
@requires(Permission.PAYMENTS_BOOK)
def decline(public_id: str) -> ResponseReturnValue:
    """Say why not; the hold ends."""
    row, form = _found(public_id), DeclineForm(prefix="decline")
    accepting = _accept_form(row, is_sent=False)
    if not form.validate_on_submit():
        return _page(row, accepting, form)
    try:
        decline_proof(db.session, row, reason=form.reason.data or "", by=signed_in_user(), now=utc_now())
    except DomainError as refusal:
        db.session.rollback()
        refuse_because(form.reason, refusal)
        return _page(_found(public_id), accepting, form)
    db.session.commit()
    flash(_("The proof is declined, the hold has ended, and the customer is told why."), "success")
    return redirect(url_for(".proofs"))
