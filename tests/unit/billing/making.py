"""Making subscriptions, invoices and files for the billing tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from itertools import count

from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer
from helpdesk.billing.models import ChargeType, Invoice, InvoiceLine, InvoiceStatus, Subscription
from helpdesk.billing.reconciliation.columns import LICENSE, USAGE

_numbers = count(1)

ROW = {
    "PartnerId": "a5b7c9e1-0000-4000-8000-000000000001",
    "CustomerId": "0f3d1a52-6f0e-4c58-9d1e-2b5a7c9e1001",
    "CustomerName": "兰亭设计有限公司",
    "MpnId": "4390934",
    "ResellerMpnId": "",
    "OrderId": "ORD-7F31",
    "SubscriptionId": "VSUB-1",
    "SyndicationPartnerSubscriptionNumber": "3d5b7a10-1111-4222-8333-000000000001",
    "OfferId": "MS-0B-O365BP",
    "DurableOfferId": "MS-0B-O365BP-D",
    "OfferName": "Office 365 商业高级版",
    "DomainName": "lanting.partner.onmschina.cn",
    "SubscriptionStartDate": "1/15/2026 0:00",
    "SubscriptionEndDate": "1/14/2027 23:59",
    "ChargeStartDate": "7/15/2026 0:00",
    "ChargeEndDate": "8/14/2026 23:59",
    "ChargeType": "Cycle fee",
    "UnitPrice": "11.00",
    "Quantity": "15",
    "Amount": "165.00",
    "TotalOtherDiscount": "0",
    "Subtotal": "165.00",
    "Tax": "9.90",
    "TotalForCustomer": "174.90",
    "Currency": "CNY",
    "SubscriptionName": "Office 365 商业高级版",
    "SubscriptionDescription": "",
}

USAGE_ROW = {
    "PartnerId": "a5b7c9e1-0000-4000-8000-000000000001",
    "PartnerName": "Lanhe Cloud",
    "CustomerId": "0f3d1a52-6f0e-4c58-9d1e-2b5a7c9e1001",
    "CustomerCompanyName": "兰亭设计有限公司",
    "MpnId": "4390934",
    "InvoiceNumber": "D02005YFHI",
    "ChargeStartDate": "7/1/2026 0:00",
    "ChargeEndDate": "7/31/2026 23:59",
    "SubscriptionId": "VSUB-1",
    "SubscriptionName": "Azure",
    "SubscriptionDescription": "",
    "OrderId": "ORD-7F31",
    "ServiceName": "Virtual Machines",
    "ServiceType": "D2 v3",
    "ResourceGuid": "9a1c2b3d-0000-4000-8000-000000000001",
    "ResourceName": "Compute Hours",
    "Region": "CN East 2",
    "Sku": "",
    "DetailLineItemId": "",
    "ConsumedQuantity": "744.5",
    "IncludedQuantity": "0",
    "OverageQuantity": "744.5",
    "ListPrice": "0.5012345678",
    "PretaxCharges": "373.17",
    "TaxAmount": "0",
    "PostTaxTotal": "373.17",
    "Currency": "CNY",
    "PretaxEffectiveRate": "0.5012345678",
    "PostTaxEffectiveRate": "0.5012345678",
    "ChargeType": "Assess usage fee for current cycle",
    "DomainName": "lanting.partner.onmschina.cn",
    "BillingCycleType": "Monthly",
    "Unit": "Hours",
    "UsageDate": "",
}


def usage_text(rows: Iterable[dict[str, str]], *, columns: Iterable[str] = USAGE) -> str:
    """A usage-based file of rows, each `USAGE_ROW` with some cells changed."""
    columns = list(columns)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([(USAGE_ROW | row)[column] for column in columns] for row in rows)
    return out.getvalue()


def csv_text(
    rows: Iterable[dict[str, str]], *, columns: Iterable[str] = LICENSE, delimiter: str = ",", header: str | None = None
) -> str:
    """A file of rows, each `ROW` with some cells changed."""
    columns = list(columns)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    if header is None:
        writer.writerow(columns)
    else:
        out.write(header + "\r\n")
    for row in rows:
        writer.writerow([(ROW | row)[column] for column in columns])
    return out.getvalue()


def csv_file(rows: Iterable[dict[str, str]], *, encoding: str = "utf-8") -> io.BytesIO:
    """The same as bytes."""
    return io.BytesIO(csv_text(rows).encode(encoding))


def add_subscription(session: Session, customer: Customer, *, seats: int = 15, price: str = "11.00") -> Subscription:
    """A subscription of a customer, its cycles beginning on the 15th."""
    number = next(_numbers)
    subscription = Subscription(
        customer=customer,
        offer_id="MS-0B-O365BP",
        offer_name="Office 365 商业高级版",
        order_id=f"ORD-{number}",
        vnet_subscription_id=f"TEST-VSUB-{number}",
        portal_subscription_id=f"TEST-PSUB-{number}",
        seats=seats,
        unit_price=Decimal(price),
        term_start=date(2026, 1, 15),
        term_end=date(2027, 1, 14),
    )
    session.add(subscription)
    session.flush()
    return subscription


def make_line(
    *,
    subscription: Subscription | None = None,
    kind: ChargeType = ChargeType.CYCLE_FEE,
    seats: int = 15,
    price: str = "11.00",
    amount: int = 16500,
    tax: int = 0,
    discount: int = 0,
    period: tuple[date, date] = (date(2026, 7, 15), date(2026, 8, 14)),
    position: int = 1,
) -> InvoiceLine:
    """A line; amounts in fen."""
    return InvoiceLine(
        position=position,
        subscription=subscription,
        charge_type=kind,
        description="Office 365 商业高级版",
        charge_start=period[0],
        charge_end=period[1],
        quantity=seats,
        unit_price=Decimal(price),
        amount_minor=amount,
        discount_minor=discount,
        tax_minor=tax,
        total_minor=amount - discount + tax,
    )


def add_invoice(
    session: Session,
    customer: Customer,
    *,
    now: datetime,
    lines: list[InvoiceLine] | None = None,
    number: str = "",
    issued_on: date = date(2026, 9, 15),
    due_on: date = date(2026, 10, 15),
    status: InvoiceStatus = InvoiceStatus.ISSUED,
) -> Invoice:
    """An invoice with its lines; by default one of 165.00."""
    invoice = Invoice(
        number=number or f"INV-T-{next(_numbers):04}",
        customer=customer,
        status=status,
        issued_on=issued_on,
        due_on=due_on,
        period_start=date(2026, 7, 15),
        period_end=date(2026, 8, 14),
        created_at=now,
    )
    invoice.lines = lines if lines is not None else [make_line()]
    session.add(invoice)
    session.flush()
    return invoice
