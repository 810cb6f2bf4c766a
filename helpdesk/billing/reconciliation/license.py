"""A row of the license-based file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from helpdesk.billing.reconciliation import values
from helpdesk.billing.reconciliation.columns import REQUIRED
from helpdesk.billing.reconciliation.errors import BadRow, BadValue, EndsBeforeStart, SubtotalWrong, TotalWrong
from helpdesk.billing.reconciliation.rows import CENT, Row

_NONE: Final = "0"
"""An empty discount or tax is none: the sums of the row are checked all the same."""


def license_row(line: int, cells: Sequence[str]) -> Row | BadRow:
    """The row on `line`, from its cells in the order of `REQUIRED`; or the first thing that is wrong with it."""
    try:
        row = _read(cells)
    except BadValue:
        return _first_fault(line, cells)
    return _contradiction(line, row) or row


def _read(cells: Sequence[str]) -> Row:
    (tenant, order, subscription, portal, offer, name, start, end, kind, price, seats,
     amount, discount, subtotal, tax, total, code) = cells  # fmt: skip
    currency = values.currency(code)
    return Row(
        values.guid(tenant),
        values.identifier(order),
        values.identifier(subscription),
        values.identifier(portal),
        values.identifier(offer),
        values.words(name, limit=200),
        values.iso_day(start),
        values.iso_day(end),
        values.charge_type(kind),
        values.micros(price),
        values.whole(seats),
        values.minor(amount, currency),
        values.minor(discount or _NONE, currency),
        values.minor(subtotal, currency),
        values.minor(tax or _NONE, currency),
        values.minor(total, currency),
        currency,
    )


def _name(text: str) -> str:
    return values.words(text, limit=200)


def _decimal_or_none(text: str) -> object:
    return values.decimal(text or _NONE)


_READERS: Final[tuple[Callable[[str], object], ...]] = (
    values.guid,
    *[values.identifier] * 4,
    _name,
    *[values.day] * 2,
    values.charge_type,
    values.price,
    values.whole,
    values.decimal,
    _decimal_or_none,
    values.decimal,
    _decimal_or_none,
    values.decimal,
    values.currency,
)


def _first_fault(line: int, cells: Sequence[str]) -> BadRow:
    """Find the cell that could not be read."""
    for column, reader, cell in zip(REQUIRED, _READERS, cells, strict=True):
        try:
            reader(cell)
        except BadValue as fault:
            return BadRow(line, column, fault)
    return BadRow(line, "", BadValue())


def _contradiction(line: int, row: Row) -> BadRow | None:
    """What the row says against itself. Subtotal = Amount - discount, total = Subtotal + Tax (domain, Money)."""
    if row.charge_end < row.charge_start:
        return BadRow(line, "ChargeEndDate", EndsBeforeStart(end=row.charge_end, start=row.charge_start))
    if abs(row.amount_minor - row.discount_minor - row.subtotal_minor) > CENT:
        return BadRow(line, "Subtotal", SubtotalWrong())
    if abs(row.subtotal_minor + row.tax_minor - row.total_minor) > CENT:
        return BadRow(line, "TotalForCustomer", TotalWrong())
    return None
