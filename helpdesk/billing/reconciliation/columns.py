"""The columns of both files, however a year spelt them. Source: domain, "The license-based file"."""

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

USAGE: Final = (
    "PartnerId",
    "PartnerName",
    "CustomerId",
    "CustomerCompanyName",
    "MpnId",
    "InvoiceNumber",
    "ChargeStartDate",
    "ChargeEndDate",
    "SubscriptionId",
    "SubscriptionName",
    "SubscriptionDescription",
    "OrderId",
    "ServiceName",
    "ServiceType",
    "ResourceGuid",
    "ResourceName",
    "Region",
    "Sku",
    "DetailLineItemId",
    "ConsumedQuantity",
    "IncludedQuantity",
    "OverageQuantity",
    "ListPrice",
    "PretaxCharges",
    "TaxAmount",
    "PostTaxTotal",
    "Currency",
    "PretaxEffectiveRate",
    "PostTaxEffectiveRate",
    "ChargeType",
    "DomainName",
    "BillingCycleType",
    "Unit",
    "UsageDate",
)
"""The columns of the usage-based file. Source: domain, "The usage-based reconciliation file"."""

USAGE_REQUIRED: Final = (
    "ChargeStartDate",
    "ChargeEndDate",
    "SubscriptionId",
    "OrderId",
    "ServiceName",
    "ResourceGuid",
    "ResourceName",
    "ConsumedQuantity",
    "IncludedQuantity",
    "OverageQuantity",
    "ListPrice",
    "PretaxCharges",
    "TaxAmount",
    "PostTaxTotal",
    "Currency",
    "ChargeType",
)

Names = list[str | None]
"""The documented name of each column of a file, None for one that is not documented."""


def _plain(cell: str) -> str:
    return "".join(character for character in cell.strip() if character.isalnum()).casefold()


def named(header: Sequence[str], *, known: Sequence[str] = LICENSE, required: Sequence[str] = REQUIRED) -> Names:
    """The documented name of each column.

    Raises `TooManyColumns`, `ColumnTwice`, `ColumnsMissing`.
    """
    if len(header) > COLUMNS_MAX:
        raise TooManyColumns(count=len(header), limit=COLUMNS_MAX)
    by_plain = {_plain(name): name for name in known}
    names = [by_plain.get(_plain(cell)) for cell in header]
    found = [name for name in names if name is not None]
    twice = next((name for name in found if found.count(name) > 1), None)
    if twice is not None:
        raise ColumnTwice(column=twice)
    missing = [name for name in required if name not in found]
    if missing:
        raise ColumnsMissing(columns=", ".join(missing))
    return names
