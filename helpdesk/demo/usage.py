"""21Vianet's usage-based reconciliation files of the demonstration, in the documented format."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer
from helpdesk.billing.models import Subscription
from helpdesk.billing.reconciliation.columns import USAGE
from helpdesk.demo.people import guid

_METERS: Final = (
    ("Virtual Machines", "Compute Hours", "Hours", Decimal("0.6531"), Decimal("744.5"), Decimal(0)),
    ("Storage", "Standard IO - Page Blob", "GB", Decimal("0.324"), Decimal("1820.75"), Decimal(100)),
    ("Bandwidth", "Data Transfer Out", "GB", Decimal("0.67"), Decimal("212.33"), Decimal(5)),
)
_TAX: Final = Decimal("0.06")


def usage_csv(session: Session, customers: Sequence[Customer], *, today: date, corrected: bool = False) -> str:
    """Last month's metered charges; in the corrected file the storage of one customer was counted too high before."""
    end = today.replace(day=1) - timedelta(days=1)
    out = io.StringIO()
    writer = csv.DictWriter(out, USAGE, lineterminator="\r\n", restval="")
    writer.writeheader()
    for place, customer in enumerate(customers):
        bought = select(Subscription).where(Subscription.customer_id == customer.id).order_by(Subscription.id)
        subscription = session.scalars(bought.limit(1)).one()
        writer.writerows(_rows(customer, subscription, end, less=corrected and place == 0))
    return out.getvalue()


def _rows(customer: Customer, subscription: Subscription, end: date, *, less: bool) -> Iterator[dict[str, object]]:
    for service, resource, unit, price, used, included in _METERS:
        consumed = used - 400 if less and service == "Storage" else used
        pretax = _cents((consumed - included) * price)
        tax = _cents(pretax * _TAX)
        yield {
            "CustomerId": customer.tenant_id,
            "CustomerCompanyName": customer.name,
            "InvoiceNumber": f"D{end:%y%m}0DEMO",
            "ChargeStartDate": f"{end.month}/1/{end.year} 0:00",
            "ChargeEndDate": f"{end.month}/{end.day}/{end.year} 23:59",
            "SubscriptionId": subscription.vnet_subscription_id,
            "SubscriptionName": "Azure",
            "OrderId": subscription.order_id,
            "ServiceName": service,
            "ResourceGuid": guid(f"meter:{resource}"),
            "ResourceName": resource,
            "Region": "CN East 2",
            "ConsumedQuantity": consumed,
            "IncludedQuantity": included,
            "OverageQuantity": consumed - included,
            "ListPrice": price,
            "PretaxCharges": pretax,
            "TaxAmount": tax,
            "PostTaxTotal": pretax + tax,
            "Currency": "CNY",
            "ChargeType": "Assess usage fee for current cycle",
            "DomainName": customer.domain,
            "Unit": unit,
        }


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
