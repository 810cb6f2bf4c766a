"""One row of the license-based file, checked and exact."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import Any, Final

from helpdesk.billing.reconciliation import values
from helpdesk.billing.reconciliation.columns import REQUIRED
from helpdesk.billing.reconciliation.errors import BadRow
from helpdesk.money import Money

CENT: Final = 1
"""By how many minor units the file's own sums may differ from ours: it rounds each figure by itself."""


@dataclass(frozen=True, slots=True)
class LicenseRow:
    """What a row says, under our names; amounts in minor units of `currency`."""

    tenant_id: str
    order_id: str
    vnet_subscription_id: str
    portal_subscription_id: str
    offer_id: str
    offer_name: str
    charge_start: date
    charge_end: date
    charge_type: str
    unit_price: Decimal
    quantity: int
    amount_minor: int
    discount_minor: int
    subtotal_minor: int
    tax_minor: int
    total_minor: int
    currency: str

    @property
    def content_key(self) -> bytes:
        """16 bytes that two rows share only when they say the same, however the file writes it."""
        text = "\x1f".join([*map(str, _said(self)), str(self.unit_price.normalize())])
        return hashlib.blake2b(text.encode(), digest_size=16).digest()


COLUMNS: Final = tuple(field.name for field in fields(LicenseRow))
"""The names under which a row is stored."""
_said: Final = attrgetter(*(name for name in COLUMNS if name != "unit_price"))

_identifier = partial(values.words, limit=60)
_READERS: Final[dict[str, tuple[str, Callable[[str], Any]]]] = {
    "CustomerId": ("tenant_id", values.guid),
    "OrderId": ("order_id", _identifier),
    "SubscriptionId": ("vnet_subscription_id", _identifier),
    "SyndicationPartnerSubscriptionNumber": ("portal_subscription_id", _identifier),
    "OfferId": ("offer_id", _identifier),
    "OfferName": ("offer_name", partial(values.words, limit=200)),
    "ChargeStartDate": ("charge_start", values.day),
    "ChargeEndDate": ("charge_end", values.day),
    "ChargeType": ("charge_type", values.charge_type),
    "UnitPrice": ("unit_price", values.price),
    "Quantity": ("quantity", values.whole),
    "Amount": ("amount", values.decimal),
    "TotalOtherDiscount": ("discount", values.decimal),
    "Subtotal": ("subtotal", values.decimal),
    "Tax": ("tax", values.decimal),
    "TotalForCustomer": ("total", values.decimal),
    "Currency": ("currency", values.currency),
}
_AMOUNTS: Final = ("amount", "discount", "subtotal", "tax", "total")


def license_row(line: int, cells: Sequence[str], names: Sequence[str | None]) -> LicenseRow | BadRow:
    """The row on `line`, or the first thing that is wrong with it."""
    if len(cells) != len(names):
        return BadRow(line, "", f"{len(cells)} cells where the header has {len(names)} columns")
    said = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if name is not None}
    read: dict[str, Any] = {}
    for column in REQUIRED:
        target, reader = _READERS[column]
        try:
            read[target] = reader(said[column])
        except values.BadValueError as error:
            return BadRow(line, column, str(error))
    for name in _AMOUNTS:
        read[f"{name}_minor"] = Money.of(read.pop(name), read["currency"]).minor
    row = LicenseRow(**read)
    return _contradiction(line, row) or row


def _contradiction(line: int, row: LicenseRow) -> BadRow | None:
    """What the row says against itself. Subtotal = Amount - discount, total = Subtotal + Tax (domain, Money)."""
    if row.charge_end < row.charge_start:
        return BadRow(line, "ChargeEndDate", f"{row.charge_end} is before the charge begins on {row.charge_start}")
    if abs(row.amount_minor - row.discount_minor - row.subtotal_minor) > CENT:
        return BadRow(line, "Subtotal", "it is not Amount less TotalOtherDiscount")
    if abs(row.subtotal_minor + row.tax_minor - row.total_minor) > CENT:
        return BadRow(line, "TotalForCustomer", "it is not Subtotal plus Tax")
    return None
