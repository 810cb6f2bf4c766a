"""Customers in the workspace."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.access import signed_in_user
from helpdesk.accounts.queries import people_of
from helpdesk.accounts.watching import note_seen
from helpdesk.billing.models import Invoice, PaymentProof, ProofState
from helpdesk.billing.queries import invoice_page, subscriptions_page
from helpdesk.billing.queries.customers import customer_visible, customers_page, standings_of
from helpdesk.billing.queries.proofs import proofs_visible_to
from helpdesk.billing.views.shared import page, today
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.web.guards import found, requires

bp: Final = Blueprint("customers", __name__, url_prefix="/work/customers")
_SHOWN: Final = 10


@bp.get("")
@requires(Permission.CUSTOMERS_SEE)
def index() -> ResponseReturnValue:
    """List customers with what they owe."""
    text = " ".join(request.args.get("q", "").split())[:100]
    after = request.args.get("after", default=0, type=int)
    rows = customers_page(db.session, signed_in_user(), text=text, today=today(), after=after)
    more = url_for(".index", q=text or None, after=rows.next_key) if rows.next_key else ""
    return page("customers/index.html", rows=rows, text=text, more_url=more)


@bp.get("/<public_id>")
@requires(Permission.CUSTOMERS_SEE)
def show(public_id: str) -> ResponseReturnValue:
    """Show one customer: people, subscriptions, invoices, money."""
    person = signed_in_user()
    customer = found(customer_visible(db.session, person, public_id))
    note_seen(customer)
    waiting = proofs_visible_to(person).where(
        PaymentProof.state == ProofState.WAITING, Invoice.customer_id == customer.id
    )
    return page(
        "customers/show.html",
        customer=customer,
        people=people_of(db.session, customer.id),
        standings=standings_of(db.session, [customer.id], today=today()).get(customer.id, []),
        invoices=invoice_page(db.session, person, customer=public_id, size=_SHOWN),
        subscriptions=subscriptions_page(db.session, person, customer=public_id, size=_SHOWN),
        proofs=list(db.session.scalars(waiting)),
    )
