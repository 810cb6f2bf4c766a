"""Drafts, and what becomes of an invoice: shown before it happens."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.queries import billing_contacts_of
from helpdesk.billing.models import DisputeState, Invoice, InvoiceStatus
from helpdesk.billing.queries import balances_of
from helpdesk.billing.queries.customers import drafts as waiting_drafts
from helpdesk.billing.queries.invoices import disputes_on, invoice_head
from helpdesk.billing.queries.lines import lines_counted
from helpdesk.billing.rules.invoices import TRANSITIONS
from helpdesk.billing.services import issue_invoice, void_invoice
from helpdesk.billing.views.desk.shared import bp, page
from helpdesk.clock import utc_now
from helpdesk.errors import DomainError
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.web.errors import sentence_of
from helpdesk.web.guards import found, requires


@bp.get("/drafts")
@requires(Permission.PAYMENTS_BOOK)
def drafts() -> ResponseReturnValue:
    """List the drafts."""
    return page("drafts.html", rows=waiting_drafts(db.session))


@bp.post("/drafts/issue")
@requires(Permission.BILLING_MANAGE)
def issue_drafts() -> ResponseReturnValue:
    """Issue the drafts that were chosen."""
    count = 0
    for number in request.form.getlist("number")[:200]:
        invoice = _found(number)
        if invoice.status is InvoiceStatus.DRAFT:
            issue_invoice(db.session, invoice, by=signed_in_user(), now=utc_now())
            count += 1
    db.session.commit()
    flash(ngettext("%(num)d invoice was issued.", "%(num)d invoices were issued.", count), "success")
    return redirect(url_for(".drafts"))


def _found(number: str) -> Invoice:
    return found(invoice_head(db.session, signed_in_user(), number))[0]


@bp.route("/invoices/<number>/issue", methods=["GET", "POST"])
@requires(Permission.BILLING_MANAGE)
def issue(number: str) -> ResponseReturnValue:
    """Say what issuing does, then do it."""
    invoice = _found(number)
    if request.method == "GET":
        return _page(invoice, InvoiceStatus.ISSUED)
    try:
        issue_invoice(db.session, invoice, by=signed_in_user(), now=utc_now())
    except DomainError as refusal:
        db.session.rollback()
        return _page(_found(number), InvoiceStatus.ISSUED, sentence_of(refusal))
    db.session.commit()
    flash(_("Invoice %(number)s is issued. The customer sees it now.", number=number), "success")
    return redirect(url_for("billing.invoice", number=number))


@bp.route("/invoices/<number>/void", methods=["GET", "POST"])
@requires(Permission.BILLING_MANAGE)
def void(number: str) -> ResponseReturnValue:
    """Say what voiding does, then do it."""
    invoice = _found(number)
    if request.method == "GET":
        return _page(invoice, InvoiceStatus.VOID)
    try:
        void_invoice(db.session, invoice, by=signed_in_user(), now=utc_now())
    except DomainError as refusal:
        db.session.rollback()
        return _page(_found(number), InvoiceStatus.VOID, sentence_of(refusal))
    db.session.commit()
    flash(_("Invoice %(number)s is void. Nothing is owed on it any more.", number=number), "success")
    return redirect(url_for("billing.invoice", number=number))


def _page(invoice: Invoice, after: InvoiceStatus, refusal: str = "") -> ResponseReturnValue:
    lines, from_rows = lines_counted(db.session, invoice)
    return page(
        "step.html",
        invoice=invoice,
        balance=balances_of(db.session, [invoice.id])[invoice.id],
        after=after,
        is_possible=after in TRANSITIONS[invoice.status],
        contacts=billing_contacts_of(db.session, invoice.customer_id),
        disputes=sum(dispute.state is DisputeState.OPEN for dispute in disputes_on(db.session, invoice)),
        lines=lines,
        from_rows=from_rows,
        refusal=refusal,
    )
