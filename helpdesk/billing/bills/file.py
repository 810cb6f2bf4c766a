"""The partner's own invoice file: one row a line of an invoice. `docs/billing.md` documents it, `TEMPLATE` shows it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import BinaryIO, Final

from helpdesk.billing.bills.errors import DueTooEarly, TooManyInvoiceRows
from helpdesk.billing.reconciliation import values
from helpdesk.billing.reconciliation.columns import named
from helpdesk.billing.reconciliation.errors import BadRow, BadValue, CellsMissing, EndsBeforeStart, QuoteNeverCloses
from helpdesk.billing.reconciliation.text import encoding_of, records
from helpdesk.limits import PAYMENT_TERMS_DAYS

COLUMNS: Final = (
    "InvoiceNumber",
    "Customer",
    "IssuedOn",
    "DueOn",
    "Currency",
    "SubscriptionId",
    "ChargeType",
    "Description",
    "ChargeStart",
    "ChargeEnd",
    "Quantity",
    "UnitPrice",
    "Amount",
    "Discount",
    "Tax",
)
REQUIRED: Final = tuple(name for name in COLUMNS if name not in {"DueOn", "SubscriptionId", "Discount", "Tax"})
ROWS_MAX: Final = 100_000
TEMPLATE: Final = (
    COLUMNS,
    ("INV-2026-0100", "lanting.partner.onmschina.cn", "2026-12-01", "2026-12-31", "CNY", "", "Cycle fee",
     "Office 365 Enterprise E3", "2026-12-01", "2026-12-31", "18", "168.00", "3024.00", "0.00", "181.44"),
    ("INV-2026-0100", "lanting.partner.onmschina.cn", "2026-12-01", "2026-12-31", "CNY", "", "Offset line item",
     "Visio Plan 2", "2026-11-01", "2026-11-30", "1", "-96.00", "-96.00", "0.00", "-5.76"),
)  # fmt: skip
"""The header and two lines of one invoice."""


@dataclass(frozen=True, slots=True)
class BillRow:
    """One line of one invoice; amounts in minor units."""

    line: int
    number: str
    customer: str
    """Domain or tenant id, in lower case."""
    issued_on: date
    due_on: date
    currency: str
    subscription: str
    charge_type: str
    description: str
    charge_start: date
    charge_end: date
    quantity: int
    unit_price: Decimal
    amount_minor: int
    discount_minor: int
    tax_minor: int

    @property
    def total_minor(self) -> int:
        """Amount less discount plus tax."""
        return self.amount_minor - self.discount_minor + self.tax_minor


def bill_rows(stream: BinaryIO) -> Iterator[tuple[BillRow | BadRow, Sequence[str]]]:
    """Each row, with its cells; the header's cells come first with a row that says nothing.

    Raises what `encoding_of` and `named` raise, and `TooManyInvoiceRows`.
    """
    encoding = encoding_of(stream)
    reading = records(stream, encoding=encoding)
    line = 1
    try:
        _, header = next(reading, (1, []))
        names = named(header, known=COLUMNS, required=REQUIRED)
        yield BadRow(0, "", BadValue()), header
        for count, (line, cells) in enumerate(reading, 1):
            if count > ROWS_MAX:
                raise TooManyInvoiceRows(limit=ROWS_MAX)
            yield _row(line, cells, names), cells
    except csv.Error:
        yield BadRow(line + 1, "", QuoteNeverCloses()), []
    finally:
        reading.close()


def _row(line: int, cells: Sequence[str], names: Sequence[str | None]) -> BillRow | BadRow:
    if len(cells) != len(names):
        return BadRow(line, "", CellsMissing(count=len(cells), columns=len(names)))
    said = dict.fromkeys(COLUMNS, "") | {
        name: cell.strip() for name, cell in zip(names, cells, strict=True) if name is not None
    }
    reader = _Reader(line, said)
    try:
        row = reader.row()
    except BadValue as fault:
        return BadRow(line, reader.column, fault)
    if row.charge_end < row.charge_start:
        return BadRow(line, "ChargeEnd", EndsBeforeStart(end=row.charge_end, start=row.charge_start))
    return BadRow(line, "DueOn", DueTooEarly()) if row.due_on < row.issued_on else row


class _Reader:
    """Reads cells and remembers which was last."""

    def __init__(self, line: int, said: Mapping[str, str]) -> None:
        self.line, self._said, self.column = line, said, ""

    def _cell(self, column: str, otherwise: str = "") -> str:
        self.column = column
        return self._said[column] or otherwise

    def row(self) -> BillRow:
        currency = values.currency(self._cell("Currency"))
        issued_on = values.day(self._cell("IssuedOn"))
        due = self._cell("DueOn")
        return BillRow(
            line=self.line,
            number=values.words(self._cell("InvoiceNumber"), limit=40),
            customer=values.words(self._cell("Customer"), limit=255).lower(),
            issued_on=issued_on,
            due_on=values.day(due) if due else issued_on + timedelta(days=PAYMENT_TERMS_DAYS),
            currency=currency,
            subscription=self._cell("SubscriptionId"),
            charge_type=values.charge_type(self._cell("ChargeType")),
            description=values.words(self._cell("Description"), limit=200),
            charge_start=values.day(self._cell("ChargeStart")),
            charge_end=values.day(self._cell("ChargeEnd")),
            quantity=values.whole(self._cell("Quantity")),
            unit_price=values.price(self._cell("UnitPrice")),
            amount_minor=values.minor(self._cell("Amount"), currency),
            discount_minor=values.minor(self._cell("Discount", "0"), currency),
            tax_minor=values.minor(self._cell("Tax", "0"), currency),
        )
