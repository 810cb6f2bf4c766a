"""Invoices, one invoice, and one line explained."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.watching import note_seen
from helpdesk.billing.models import ProofState
from helpdesk.billing.queries import invoice_page, invoice_visible, line_visible, proofs_of
from helpdesk.billing.views.shared import bp, page, today
from helpdesk.billing.views.sheets import invoice_sheet, line_sheet
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.web.guards import found, requires


@bp.get("/invoices")
@requires(Permission.INVOICES_SEE, Permission.CUSTOMERS_SEE)
def invoices() -> ResponseReturnValue:
    """List the invoices that the reader may see, newest first."""
    customer = request.args.get("customer", "")[:16]
    rows = invoice_page(db.session, signed_in_user(), before=request.args.get("before"), customer=customer or None)
    more = url_for(".invoices", before=rows.next_key, customer=customer or None) if rows.next_key else ""
    return page(
        "billing/invoices.html",
        rows=rows,
        more_url=more,
        is_first="before" not in request.args,
        is_filtered=bool(customer),
    )


@bp.get("/invoices/<number>")
@requires(Permission.INVOICES_SEE, Permission.CUSTOMERS_SEE)
def invoice(number: str) -> ResponseReturnValue:
    """Show one invoice with everything about it."""
    row = found(invoice_visible(db.session, signed_in_user(), number))
    note_seen(row.customer)
    waiting = [proof for proof in proofs_of(db.session, signed_in_user(), row) if proof.state is ProofState.WAITING]
    proof = waiting[0] if waiting else None
    return page("billing/invoice.html", sheet=invoice_sheet(row, today=today()), waiting_proof=proof)


@bp.get("/invoices/lines/<public_id>")
@requires(Permission.INVOICES_SEE, Permission.CUSTOMERS_SEE)
def line(public_id: str) -> ResponseReturnValue:
    """Explain one line: what it is, and how it comes to its amount."""
    row = found(line_visible(db.session, signed_in_user(), public_id))
    note_seen(row.invoice.customer)
    return page("billing/line.html", sheet=line_sheet(row))
