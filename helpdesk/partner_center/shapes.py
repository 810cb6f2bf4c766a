"""What Partner Center says, as far as we need it. Unknown fields are ignored, keys are read in any case."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

Body = dict[str, Any]
_NEVER: Final = "0001-01-01"
_OPEN_ENDED: Final = "9999"


@dataclass(frozen=True, slots=True)
class RemoteCustomer:
    """A customer of the partner."""

    tenant_id: str
    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class RemoteSubscription:
    """A subscription with the whole resource as it was received: a change sends all of it back."""

    id: str
    name: str
    offer_id: str
    offer_name: str
    order_id: str
    seats: int
    status: str
    starts_on: date | None
    ends_on: date | None
    """None: open-ended."""
    auto_renew: bool
    etag: str
    """Transient: never stored, always read again right before a change."""
    body: Body


@dataclass(frozen=True, slots=True)
class RemoteInvoice:
    """An invoice of 21Vianet to the partner; whether it is paid is never inferred from it."""

    id: str
    billed_on: date | None
    total: Decimal
    currency: str
    paid_raw: Decimal
    document_type: str
    starts_on: date | None = None
    ends_on: date | None = None
    amends: str = ""
    """The id of the invoice that it corrects."""


def read_json(text: bytes) -> Any:  # noqa: ANN401 - JSON
    """JSON with exact decimals."""
    return json.loads(text, parse_float=Decimal)


def field(body: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - JSON
    """A field whatever its case: samples use both `friendlyName` and `FriendlyName`."""
    wanted = name.lower()
    return next((value for key, value in body.items() if key.lower() == wanted), None)


def _text(body: Mapping[str, Any], name: str) -> str:
    value = field(body, name)
    return "" if value is None else str(value)


def _day(body: Mapping[str, Any], name: str) -> date | None:
    text = _text(body, name)
    if not text or text.startswith((_NEVER, _OPEN_ENDED)):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).date()


def customer_of(body: Body) -> RemoteCustomer:
    """A customer from its resource."""
    profile = field(body, "companyProfile") or {}
    tenant = _text(profile, "tenantId") or _text(body, "id")
    return RemoteCustomer(tenant.lower(), _text(profile, "companyName"), _text(profile, "domain").lower())


def subscription_of(body: Body) -> RemoteSubscription:
    """A subscription from its resource."""
    return RemoteSubscription(
        id=_text(body, "id"),
        name=_text(body, "friendlyName"),
        offer_id=_text(body, "offerId"),
        offer_name=_text(body, "offerName") or _text(body, "friendlyName"),
        order_id=_text(body, "orderId"),
        seats=int(field(body, "quantity") or 0),
        status=_text(body, "status").lower(),
        starts_on=_day(body, "effectiveStartDate") or _day(body, "creationDate"),
        ends_on=_day(body, "commitmentEndDate"),
        auto_renew=bool(field(body, "autoRenewEnabled")),
        etag=_text(field(body, "attributes") or {}, "etag").strip('"'),
        body=body,
    )


def invoice_of(body: Body) -> RemoteInvoice:
    """An invoice from its resource."""
    return RemoteInvoice(
        id=_text(body, "id"),
        billed_on=_day(body, "invoiceDate"),
        total=Decimal(field(body, "totalCharges") or 0),
        currency=_text(body, "currencyCode"),
        paid_raw=Decimal(field(body, "paidAmount") or 0),
        document_type=_text(body, "documentType") or "invoice",
        starts_on=_day(body, "billingPeriodStartDate"),
        ends_on=_day(body, "billingPeriodEndDate"),
        amends=_text(body, "amendsOf"),
    )


def invoices_of(body: Body) -> Iterator[RemoteInvoice]:
    """An invoice, and those that stand inside of it because they amend it."""
    invoice = invoice_of(body)
    yield invoice
    for inner in field(body, "amendments") or []:
        amendment = invoice_of(inner)
        yield replace(amendment, amends=amendment.amends or invoice.id)


def with_status(subscription: RemoteSubscription, status: str) -> Body:
    """The whole resource as it was received, only its status changed."""
    key = next((key for key in subscription.body if key.lower() == "status"), "status")
    return subscription.body | {key: status}
