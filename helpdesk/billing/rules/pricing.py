"""From what 21Vianet charged to what the customer is billed.

Rounding: the marked-up amount, discount and tax of each line are rounded half up by themselves; the total of the
line is their sum, so a line always adds up. Metered usage comes by the day and meter: the charges of one subscription,
meter and price become one line, which is the sum of its charges, each rounded by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any, Final

from helpdesk.billing.models import ChargeType, ReconciliationRow
from helpdesk.billing.reconciliation import values
from helpdesk.billing.rules.cycles import Period
from helpdesk.billing.rules.recompute import recompute
from helpdesk.errors import DomainError
from helpdesk.money import Money

_PERCENT: Final = Decimal(100)
_AMOUNTS: Final = ("amount_minor", "discount_minor", "tax_minor", "total_minor")
_MICRO: Final = Decimal("0.000001")


class NoRowsToBill(DomainError):
    """There are no charges to bill."""


class RowsOfAnotherCustomer(DomainError):
    """Some of these charges belong to another customer."""


class RowsOfSeveralCurrencies(DomainError):
    """An invoice has one currency; these charges have several."""


class RowsBilledBefore(DomainError):
    """Some of these charges stand on an invoice already."""


class DueBeforeIssued(DomainError):
    """An invoice cannot be due before it is issued."""


@dataclass(frozen=True, slots=True)
class PriceRules:
    """The partner's markup in percent of 21Vianet's price: by offer, and for all others."""

    markup: Decimal = Decimal(0)
    by_offer: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))

    def factor(self, offer_id: str) -> Decimal:
        """By what the price of an offer is multiplied."""
        return 1 + self.by_offer.get(offer_id, self.markup) / _PERCENT


AT_COST: Final = PriceRules()


def check_rows(
    rows: Sequence[ReconciliationRow], *, tenant_id: str, billed: Collection[int], issued_on: date, due_on: date
) -> None:
    """Refuse what cannot become one invoice of one customer. Raises the errors of this module."""
    if not rows:
        raise NoRowsToBill
    if any(row.tenant_id != tenant_id for row in rows):
        raise RowsOfAnotherCustomer
    if len({row.currency for row in rows}) > 1:
        raise RowsOfSeveralCurrencies
    if billed:
        raise RowsBilledBefore
    if due_on < issued_on:
        raise DueBeforeIssued


def line_values(row: ReconciliationRow, prices: PriceRules, *, anchor: int | None = None) -> dict[str, Any]:
    """The values of the invoice line that bills `row`; `anchor` is the day on which the months of its term begin."""
    factor = prices.factor(row.offer_id)
    amount, discount, tax = (
        _rounded(minor * factor) for minor in (row.amount_minor, row.discount_minor, row.tax_minor)
    )
    return {
        "charge_type": ChargeType(row.charge_type),
        "description": row.offer_name,
        "charge_start": row.charge_start,
        "charge_end": row.charge_end,
        "quantity": row.quantity,
        "used": row.overage,
        "unit_price": (row.unit_price * factor).quantize(_MICRO, rounding=ROUND_HALF_UP),
        "amount_minor": amount,
        "discount_minor": discount,
        "tax_minor": tax,
        "total_minor": amount - discount + tax,
        "reckoned_minor": _reckoned(row, factor, anchor),
    }


def _reckoned(row: ReconciliationRow, factor: Decimal, anchor: int | None) -> int | None:
    """What the charge should be: worked out to the cent as 21Vianet does, then marked up; None where that cannot be.

    Metered, it is OverageQuantity x ListPrice, with all the places that the file gives.
    """
    if row.overage is None:
        again = recompute(
            ChargeType(row.charge_type),
            seats=row.quantity,
            unit_price=row.unit_price,
            period=Period(row.charge_start, row.charge_end),
            anchor=anchor,
            currency=row.currency,
        )
        return None if again is None else _rounded(again.amount.minor * factor)
    stated = (row.raw or {}).get("ListPrice", "")
    price = values.decimal(stated) if stated else row.unit_price
    return _rounded(Money.of(row.overage * price, row.currency).minor * factor)


def gathered(rows: Sequence[ReconciliationRow]) -> list[list[ReconciliationRow]]:
    """The rows by line: each for itself, but metered ones of one subscription, meter, price and charge together."""
    lines: dict[tuple[object, ...], list[ReconciliationRow]] = {}
    for place, row in enumerate(rows):
        meter = (row.vnet_subscription_id, row.offer_id, row.offer_name, row.charge_type, row.unit_price)
        lines.setdefault((place,) if row.consumed is None else meter, []).append(row)
    return list(lines.values())


def gathered_values(charges: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The values of a line from those of its charges; all but days, quantities and amounts are the first one's."""
    sums: dict[str, Any] = {name: sum(each[name] for each in charges) for name in _AMOUNTS}
    used = [each["used"] for each in charges if each["used"] is not None]
    reckoned = [each["reckoned_minor"] for each in charges if each["reckoned_minor"] is not None]
    return {
        **charges[0],
        **sums,
        "used": sum(used, Decimal(0)) if used else None,
        "reckoned_minor": sum(reckoned) if len(reckoned) == len(charges) else None,
        "charge_start": min(each["charge_start"] for each in charges),
        "charge_end": max(each["charge_end"] for each in charges),
        "charges": len(charges),
    }


def _rounded(minor: Decimal) -> int:
    return int(minor.quantize(Decimal(1), rounding=ROUND_HALF_UP))
