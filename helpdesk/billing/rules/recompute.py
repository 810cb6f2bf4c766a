"""Working a charge out again from its own figures, to explain it and to see whether it is right."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from helpdesk.billing.models import ChargeType
from helpdesk.billing.rules.cycles import Period, cycle_of
from helpdesk.billing.rules.proration import full_fee, prorated
from helpdesk.money import Money


class Method(StrEnum):
    """How a charge type is reckoned."""

    FULL = "full"
    """Seats times price."""
    PRORATED = "prorated"
    """Seats times price, for the days of the cycle."""
    REFUND = "refund"
    """The same by the day, given back."""
    METERED = "metered"
    """What was used beyond what is included, times its price."""
    AS_STATED = "as_stated"
    """Discounts and offsets: the file gives the amount and not how it came about."""


METHODS: Final[dict[ChargeType, Method]] = {
    ChargeType.PURCHASE_FEE: Method.FULL,
    ChargeType.CYCLE_FEE: Method.FULL,
    ChargeType.RENEW_FEE: Method.FULL,
    ChargeType.ACTIVATION_FEE: Method.FULL,
    ChargeType.PRORATE_PURCHASE: Method.PRORATED,
    ChargeType.PRORATE_ACTIVATE: Method.PRORATED,
    ChargeType.CYCLE_INSTANCE_PRORATE: Method.PRORATED,
    ChargeType.PRORATE_RENEW: Method.PRORATED,
    ChargeType.CANCEL_INSTANCE_PRORATE: Method.REFUND,
    ChargeType.PRORATE_CANCEL: Method.REFUND,
    ChargeType.OFFSET: Method.AS_STATED,
    ChargeType.ACTIVATION_DISCOUNT: Method.AS_STATED,
    ChargeType.CYCLE_DISCOUNT: Method.AS_STATED,
    ChargeType.RENEW_DISCOUNT: Method.AS_STATED,
    ChargeType.CANCEL_DISCOUNT: Method.AS_STATED,
    ChargeType.USAGE_CYCLE: Method.METERED,
    ChargeType.USAGE_CANCEL: Method.METERED,
}


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What the charge should be before discount and tax, and from which figures."""

    method: Method
    seats: int
    unit_price: Decimal
    amount: Money
    cycle: Period | None = None
    """The billing month by whose days it is divided; None for a full fee."""
    used: Decimal | None = None
    """Metered quantity, beyond what is included."""
    rounding: Money | None = None
    """What of its amount the rounding of its parts made."""


def recompute(
    kind: ChargeType, *, seats: int, unit_price: Decimal, period: Period, anchor: int | None, currency: str = "CNY"
) -> Recomputed | None:
    """Work a charge out again; None when its type or its period does not say how.

    `anchor` is the day of the month on which the subscription's cycles begin, None when nobody knows.
    """
    method = METHODS[kind]
    if method is Method.FULL:
        return Recomputed(method, seats, unit_price, full_fee(unit_price, seats, currency=currency))
    cycle = _cycle(period, anchor)
    if method in {Method.AS_STATED, Method.METERED} or cycle is None:
        return None
    by_day = prorated(unit_price, seats, days=period.days, cycle_days=cycle.days, currency=currency)
    if method is Method.PRORATED:
        return Recomputed(method, seats, unit_price, by_day, cycle)
    return Recomputed(method, abs(seats), abs(unit_price), -max(by_day, -by_day), cycle)


def recompute_usage(*, used: Decimal, unit_price: Decimal, reckoned: Money | None, currency: str = "CNY") -> Recomputed:
    """Work a usage charge out again: OverageQuantity x ListPrice (domain, Money).

    `reckoned` is the sum of the charges behind it, each worked out with its full price and rounded by itself; what it
    differs from quantity times price is the rounding. No difference is forgiven. Without `reckoned`, where the charges
    are not known, it is the quantity times the price.
    """
    exact = Money.of(used * unit_price, currency)
    amount = exact if reckoned is None else reckoned
    return Recomputed(Method.METERED, 0, unit_price, amount, used=used, rounding=amount - exact)


def _cycle(period: Period, anchor: int | None) -> Period | None:
    """The billing month that holds the whole period, if one does."""
    for day in (anchor, period.start.day):
        cycle = cycle_of(period.start, anchor=day) if day else None
        if cycle is not None and cycle.covers(period):
            return cycle
    return None
