"""The lists of invoices and of subscriptions as CSV files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.billing.labels import INVOICE_STATES, SUBSCRIPTION_STATES
from helpdesk.billing.models import Subscription
from helpdesk.billing.queries import invoice_page, subscriptions_page
from helpdesk.billing.queries.invoices import InvoiceRow
from helpdesk.billing.views.downloads import Cell, csv_file, csv_text
from helpdesk.billing.views.shared import bp, today
from helpdesk.extensions import db
from helpdesk.permissions import Permission
from helpdesk.web.guards import requires

_STEP: Final = 1_000
"""So many rows are read at a time."""
_FURTHEST: Final = 100_000
"""Subscriptions are counted off, and so far at most."""


@bp.get("/invoices.csv")
@requires(Permission.INVOICES_SEE, Permission.CUSTOMERS_SEE)
def invoices_csv() -> ResponseReturnValue:
    """Send the invoices that the reader may see."""
    titles = [_("Invoice"), _("Customer"), _("State"), _("Issued"), _("Due"), _("Total"), _("Paid and credited")]
    titles += [_("In dispute"), _("To pay"), _("Currency")]
    return csv_file(csv_text([titles, *map(_invoice, _invoices())]), "invoices")


def _customer() -> str | None:
    return request.args.get("customer", "")[:16] or None


def _invoices() -> Iterator[InvoiceRow]:
    """All of them, the newest first."""
    key = ""
    while True:
        page = invoice_page(db.session, signed_in_user(), before=key, customer=_customer(), size=_STEP)
        yield from page.rows
        if page.next_key is None:
            return
        key = page.next_key


def _subscriptions() -> Iterator[Subscription]:
    """All of them, those in use first."""
    for after in range(0, _FURTHEST, _STEP):
        page = subscriptions_page(db.session, signed_in_user(), after=after, customer=_customer(), size=_STEP)
        yield from page.rows
        if page.next_key is None:
            return


def _invoice(row: InvoiceRow) -> Iterator[Cell]:
    invoice, balance = row
    yield from (invoice.number, invoice.customer.name, str(INVOICE_STATES[balance.state(today())]))
    yield from (invoice.issued_on.isoformat(), invoice.due_on.isoformat(), balance.total.major)
    yield from ((balance.paid + balance.credited).major, balance.disputed.major, balance.due.major, invoice.currency)


@bp.get("/subscriptions.csv")
@requires(Permission.PORTAL_USE, Permission.CUSTOMERS_SEE)
def subscriptions_csv() -> ResponseReturnValue:
    """Send the subscriptions that the reader may see."""
    titles = [_("Customer"), _("Product"), _("Subscription ID"), _("State"), _("Seats"), _("From"), _("To")]
    return csv_file(csv_text([titles, *map(_subscription, _subscriptions())]), "subscriptions")


def _subscription(row: Subscription) -> Iterator[Cell]:
    yield from (row.customer.name, row.offer_name, row.portal_subscription_id, str(SUBSCRIPTION_STATES[row.state]))
    yield from (row.seats, row.term_start.isoformat(), row.term_end.isoformat())
