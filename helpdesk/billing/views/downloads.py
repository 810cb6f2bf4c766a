"""An invoice's lines as a CSV file that opens rightly in a spreadsheet, and does nothing there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.accounts.access import signed_in_user
from helpdesk.billing.labels import CHARGE_NAMES
from helpdesk.billing.models import Invoice, InvoiceLine
from helpdesk.billing.queries import invoice_visible
from helpdesk.billing.views.shared import bp
from helpdesk.extensions import db
from helpdesk.money import Money
from helpdesk.permissions import Permission
from helpdesk.web.guards import found, requires

_ACTING: Final = ("=", "+", "-", "@", "\t", "\r")
_MARK: Final = "\ufeff"
"""Spreadsheets take a file without it for the machine's old encoding."""

Cell = str | int | Decimal


@bp.get("/invoices/<number>/lines.csv")
@requires(Permission.INVOICES_SEE, Permission.CUSTOMERS_SEE)
def download(number: str) -> ResponseReturnValue:
    """Send the lines of one invoice."""
    invoice = found(invoice_visible(db.session, signed_in_user(), number))
    return csv_file(lines_csv(invoice), invoice.number)


def csv_file(text: str, name: str) -> Response:
    """CSV text as a file of that name."""
    response = Response(_MARK + text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{re.sub(r"[^A-Za-z0-9._-]", "_", name)}.csv"'
    return response


def lines_csv(invoice: Invoice) -> str:
    """The lines as CSV text in the reader's language."""
    return csv_text([_titles(), *map(_cells, invoice.lines)])


def csv_text(rows: Iterable[Iterable[Cell]]) -> str:
    """Rows as CSV text in which nothing acts."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def safe_cell(cell: Cell) -> str:
    """A cell that no spreadsheet takes for a formula; numbers that we reckoned stay numbers, negative ones too."""
    if isinstance(cell, int | Decimal):
        return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
    return f"'{cell}" if cell.startswith(_ACTING) else cell


def _titles() -> list[str]:
    return [
        _("Invoice"),
        _("Product"),
        _("Subscription ID"),
        _("Charge"),
        _("Charge type"),
        _("Charged from"),
        _("Charged to"),
        _("Seats"),
        _("Quantity used"),
        _("Unit price"),
        _("Amount"),
        _("Discount"),
        _("Tax"),
        _("Total"),
        _("In dispute"),
        _("Currency"),
    ]


def _cells(line: InvoiceLine) -> Iterator[Cell]:
    currency = line.invoice.currency
    yield line.invoice.number
    yield line.description
    yield line.subscription.portal_subscription_id if line.subscription else ""
    yield str(CHARGE_NAMES[line.charge_type])
    yield line.charge_type.value
    yield line.charge_start.isoformat()
    yield line.charge_end.isoformat()
    yield line.quantity if line.used is None else ""
    yield line.used if line.used is not None else ""
    yield line.unit_price
    for minor in (line.amount_minor, line.discount_minor, line.tax_minor, line.total_minor):
        yield Money(minor, currency).major
    yield Money(line.open_dispute.amount_minor if line.open_dispute else 0, currency).major
    yield currency
