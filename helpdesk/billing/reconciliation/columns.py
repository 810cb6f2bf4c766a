"""The columns of the license-based file, however a year spelt them. Source: domain, "The license-based file"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from helpdesk.billing.reconciliation.errors import ColumnsMissing, ColumnTwice, TooManyColumns

COLUMNS_MAX: Final = 100
LICENSE: Final = (
    "PartnerId",
    "CustomerId",
    "CustomerName",
    "MpnId",
    "ResellerMpnId",
    "OrderId",
    "SubscriptionId",
    "SyndicationPartnerSubscriptionNumber",
    "OfferId",
    "DurableOfferId",
    "OfferName",
    "DomainName",
    "SubscriptionStartDate",
    "SubscriptionEndDate",
    "ChargeStartDate",
    "ChargeEndDate",
    "ChargeType",
    "UnitPrice",
    "Quantity",
    "Amount",
    "TotalOtherDiscount",
    "Subtotal",
    "Tax",
    "TotalForCustomer",
    "Currency",
    "SubscriptionName",
    "SubscriptionDescription",
)
"""All documented columns, in the documented order."""

REQUIRED: Final = (
    "CustomerId",
    "OrderId",
    "SubscriptionId",
    "SyndicationPartnerSubscriptionNumber",
    "OfferId",
    "OfferName",
    "ChargeStartDate",
    "ChargeEndDate",
    "ChargeType",
    "UnitPrice",
    "Quantity",
    "Amount",
    "TotalOtherDiscount",
    "Subtotal",
    "Tax",
    "TotalForCustomer",
    "Currency",
)
"""Those without which a row says too little."""

_KNOWN: Final = {name.casefold(): name for name in LICENSE}


def _plain(cell: str) -> str:
    return "".join(character for character in cell.strip() if character.isalnum()).casefold()


def named(header: Sequence[str]) -> list[str | None]:
    """The documented name of each column, None for one that is not documented.

    Raises `TooManyColumns`, `ColumnTwice`, `ColumnsMissing`.
    """
    if len(header) > COLUMNS_MAX:
        raise TooManyColumns(count=len(header), limit=COLUMNS_MAX)
    names = [_KNOWN.get(_plain(cell)) for cell in header]
    known = [name for name in names if name is not None]
    twice = next((name for name in known if known.count(name) > 1), None)
    if twice is not None:
        raise ColumnTwice(column=twice)
    missing = [name for name in REQUIRED if name not in known]
    if missing:
        raise ColumnsMissing(columns=", ".join(missing))
    return names
