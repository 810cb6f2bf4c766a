"""Invoices, one invoice, and one line explained."""

from __future__ import annotations

from typing import Final

from flask import request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.watching import note_seen
from helpdesk.billing.models import ProofState
from helpdesk.billing.queries import invoice_page, line_visible, proofs_of
from helpdesk.billing.queries.invoices import charges_page, disputes_on, invoice_head
from helpdesk.billing.queries.lines import lines_page
from helpdesk.billing.views.shared import bp, page, today
from helpdesk.billing.views.sheets import invoice_sheet, line_sheet
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.web.guards import found, requires

LINES: Final = 100
"""So many lines are on one page, each with its explanation."""
_PAGES_MAX: Final = 10_000


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
        asked_customer=customer or None,
    )


@bp.get("/invoices/<number>")
@requires(Permission.INVOICES_SEE, Permission.CUSTOMERS_SEE)
def invoice(number: str) -> ResponseReturnValue:
    """Show one invoice with everything about it."""
    row, balance = found(invoice_head(db.session, signed_in_user(), number))
    note_seen(row.customer)
    lines = lines_page(db.session, row, page=_page_asked("lines"), size=LINES)
    sheet = invoice_sheet(row, balance, lines, disputes_on(db.session, row), today=today())
    proofs = proofs_of(db.session, signed_in_user(), row)
    waiting = next((proof for proof in proofs if proof.state is ProofState.WAITING), None)
    declined = proofs[0] if proofs and proofs[0].state is ProofState.DECLINED and balance.due else None
    return page("billing/invoice.html", sheet=sheet, waiting_proof=waiting, declined_proof=declined)


@bp.get("/invoices/lines/<public_id>")
@requires(Permission.INVOICES_SEE, Permission.CUSTOMERS_SEE)
def line(public_id: str) -> ResponseReturnValue:
    """Explain one line: what it is, and how it comes to its amount."""
    row = found(line_visible(db.session, signed_in_user(), public_id))
    note_seen(row.invoice.customer)
    charges = charges_page(db.session, row, page=_page_asked("charges"), size=LINES) if row.charges > 1 else None
    lines = _page_asked("lines")
    return page("billing/line.html", sheet=line_sheet(row), charges=charges, lines=lines if lines > 1 else None)


def _page_asked(name: str) -> int:
    """The page that is asked for; the first for what is no page."""
    asked = request.args.get(name, 1, type=int)
    return asked if 1 <= asked <= _PAGES_MAX else 1
