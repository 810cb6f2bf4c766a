"""21Vianet's license-based reconciliation files of the demonstration, in the documented format."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from helpdesk.billing.models import ChargeType
from helpdesk.billing.reconciliation.columns import LICENSE
from helpdesk.demo.people import ORGANISATIONS, Organisation, guid
from helpdesk.limits import PAYMENT_TERMS_DAYS

RUNS: Final = 3
"""Billing runs that the demonstration shows."""
_TAX: Final = Decimal("0.06")
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that customers buy by the seat."""

    key: str
    name: str
    price: Decimal

    @property
    def offer_id(self) -> str:
        """The offer's GUID."""
        return guid(f"offer:{self.key}")


OFFERS: Final = {
    offer.key: offer
    for offer in (
        Offer("e3", "Office 365 Enterprise E3", Decimal("168.00")),
        Offer("business", "Microsoft 365 Business Standard", Decimal("86.00")),
        Offer("visio", "Visio Plan 2", Decimal("96.00")),
        Offer("project", "Project Plan 3", Decimal("210.00")),
        Offer("dynamics", "Dynamics 365 Sales Professional", Decimal("520.00")),
    )
}


@dataclass(frozen=True, slots=True)
class Charge:
    """One row to be: quantity and unit price over some days of a month."""

    kind: ChargeType
    start: date
    end: date
    quantity: int
    amount: Decimal
    discount: Decimal = Decimal(0)


def cents(value: Decimal) -> Decimal:
    """Rounded half up to the cent."""
    return value.quantize(_CENT, rounding=ROUND_HALF_UP)


def months_before(day: date, count: int) -> date:
    """The same day of the month, `count` months earlier; days after the 28th become the 28th."""
    index = day.year * 12 + day.month - 1 - count
    return date(index // 12, index % 12 + 1, min(day.day, 28))


def due_on(organisation: Organisation, run: int, today: date) -> date:
    """When the invoice of a run is due; run 0 is the newest that the story is about."""
    days = organisation.overdue_days or -9
    return months_before(today - timedelta(days=days), run) if run else today - timedelta(days=days)


def period(organisation: Organisation, run: int, today: date) -> tuple[date, date]:
    """First and last day that an invoice of a run bills: the month from its date."""
    start = due_on(organisation, run, today) - timedelta(days=PAYMENT_TERMS_DAYS)
    return start, months_before(start, -1) - timedelta(days=1)


def charges(organisation: Organisation, key: str, seats: int, run: int, today: date) -> Iterator[Charge]:
    """What one subscription is charged in one run; the newest run of some customers has a story."""
    start, end = period(organisation, run, today)
    price = OFFERS[key].price
    days = (end - start).days + 1
    story = (organisation.slug, key) if run == 0 else ("", "")
    if story == ("lanting", "e3"):
        yield from _other_seats(price, start, end, before=15, after=seats)
    elif story == ("nordwind", "dynamics"):
        yield Charge(ChargeType.CYCLE_FEE, start, end, seats, price * seats, cents(price * seats * Decimal("0.10")))
        yield Charge(ChargeType.RENEW_FEE, start, end, seats, price * seats)
    elif story == ("harbour", "project"):
        yield from _other_seats(price, start, end, before=seats + 2, after=seats)
    elif story == ("qiming", "e3"):
        yield Charge(ChargeType.CYCLE_FEE, start, end, seats, price * seats)
        yield Charge(ChargeType.OFFSET, start, end, 1, -price * 2)
    elif story == ("towa", "e3"):
        joined = start + timedelta(days=9)
        left = (end - joined).days + 1
        yield Charge(ChargeType.PRORATE_PURCHASE, joined, end, seats, cents(price * seats * left / days))
    else:
        yield Charge(ChargeType.CYCLE_FEE, start, end, seats, price * seats)


def _other_seats(price: Decimal, start: date, end: date, *, before: int, after: int) -> Iterator[Charge]:
    """Prepaid, then another number of seats in mid-term: the reversal, and the days that are left at the new number."""
    days = (end - start).days + 1
    changed = start + timedelta(days=11)
    yield Charge(ChargeType.CYCLE_FEE, start, end, before, price * before)
    left = (end - changed).days + 1
    yield Charge(ChargeType.CANCEL_INSTANCE_PRORATE, changed, end, before, -cents(price * before * left / days))
    yield Charge(ChargeType.CYCLE_INSTANCE_PRORATE, changed, end, after, cents(price * after * left / days))


def term_start(organisation: Organisation, today: date) -> date:
    """When the customer's subscriptions began: most of a year before."""
    return months_before(period(organisation, 0, today)[0], 7)


def reconciliation_csv(run: int, today: date) -> str:
    """The file of one billing run for all customers."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, LICENSE, lineterminator="\r\n")
    writer.writeheader()
    for organisation in ORGANISATIONS:
        for key, seats in organisation.offers:
            for charge in charges(organisation, key, seats, run, today):
                writer.writerow(_row(organisation, OFFERS[key], charge, today))
    return buffer.getvalue()


def _row(organisation: Organisation, offer: Offer, charge: Charge, today: date) -> dict[str, object]:
    subtotal = charge.amount - charge.discount
    tax = cents(subtotal * _TAX)
    name = f"{organisation.slug}:{offer.key}"
    begun = term_start(organisation, today)
    return {
        "PartnerId": guid("partner"),
        "CustomerId": organisation.tenant_id,
        "CustomerName": organisation.name,
        "MpnId": "4390127",
        "ResellerMpnId": "0",
        "OrderId": guid(f"order:{name}"),
        "SubscriptionId": guid(f"subscription:{name}"),
        "SyndicationPartnerSubscriptionNumber": guid(f"portal:{name}"),
        "OfferId": offer.offer_id,
        "DurableOfferId": offer.offer_id,
        "OfferName": offer.name,
        "DomainName": organisation.domain,
        "SubscriptionStartDate": _stamp(begun, "0:00"),
        "SubscriptionEndDate": _stamp(months_before(begun, -12) - timedelta(days=1), "23:59"),
        "ChargeStartDate": _stamp(charge.start, "0:00"),
        "ChargeEndDate": _stamp(charge.end, "23:59"),
        "ChargeType": charge.kind.value,
        "UnitPrice": offer.price,
        "Quantity": charge.quantity,
        "Amount": cents(charge.amount),
        "TotalOtherDiscount": cents(charge.discount),
        "Subtotal": cents(subtotal),
        "Tax": tax,
        "TotalForCustomer": cents(subtotal) + tax,
        "Currency": "CNY",
        "SubscriptionName": offer.name,
        "SubscriptionDescription": "",
    }


def _stamp(day: date, clock: str) -> str:
    return f"{day.month}/{day.day}/{day.year} {clock}"
