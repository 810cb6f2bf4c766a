"""Reading Partner Center into our own tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer
from helpdesk.accounts.services import create_customer
from helpdesk.audit.services import record
from helpdesk.billing.models import Subscription, SubscriptionState, VnetInvoice
from helpdesk.money import Money
from helpdesk.partner_center.shapes import RemoteCustomer, RemoteInvoice, RemoteSubscription

_STATES: Final = {
    "active": SubscriptionState.ACTIVE,
    "suspended": SubscriptionState.SUSPENDED,
    "deleted": SubscriptionState.DELETED,
}
_OPEN_END: Final = date(2099, 12, 31)
_NUMBER_MAX: Final = 40
_CURRENCY: Final = re.compile(r"^[A-Z]{3}$")


@dataclass(slots=True)
class ReadReport:
    """What was read, and what of it was new."""

    customers: int = 0
    new_customers: int = 0
    subscriptions: int = 0
    new_subscriptions: int = 0
    skipped: int = 0
    refused: int = 0
    """Customers whose subscriptions Partner Center does not show us."""


@dataclass(slots=True)
class InvoicesReport:
    """What was read of 21Vianet's invoices."""

    invoices: int = 0
    new: int = 0
    changed: int = 0
    files_found: int = 0
    """Reconciliation files that name one of the invoices and now stand with it."""
    skipped: int = 0


def take_customer(session: Session, remote: RemoteCustomer, report: ReadReport, *, now: datetime) -> Customer | None:
    """Our customer with that tenant id, added if nobody knew it; names that we gave stay."""
    report.customers += 1
    known = session.scalars(select(Customer).where(Customer.tenant_id == remote.tenant_id)).one_or_none()
    if known is not None:
        return known
    if not remote.name or not remote.domain:
        report.skipped += 1
        return None
    report.new_customers += 1
    return create_customer(
        session, name=remote.name, tenant_id=remote.tenant_id, domain=remote.domain, locale="zh-Hans", now=now
    )


def take_subscription(
    session: Session, customer: Customer, remote: RemoteSubscription, report: ReadReport, *, now: datetime
) -> None:
    """Bring our row up to date; the price stays as the reconciliation file says, since the API does not say it.

    `suspended_at` is kept: when a suspension began is known from our own record, else it is first seen now.
    """
    report.subscriptions += 1
    statement = select(Subscription).where(Subscription.portal_subscription_id == remote.id)
    known = session.scalars(statement).one_or_none()
    state = _STATES.get(remote.status)
    if state is None or remote.starts_on is None:
        report.skipped += 1
        return
    if known is None:
        known = _added(session, customer, remote, remote.starts_on)
        report.new_subscriptions += 1
    before = {"state": known.state.value, "seats": known.seats}
    known.seats, known.auto_renew, known.term_end = remote.seats, remote.auto_renew, remote.ends_on or _OPEN_END
    known.state = state
    known.suspended_at = (known.suspended_at or now) if state is SubscriptionState.SUSPENDED else None
    session.flush()
    after = {"state": known.state.value, "seats": known.seats}
    if before != after:
        record(
            session,
            "subscription.read",
            object_type="subscription",
            object_id=known.public_id,
            actor_id=None,
            now=now,
            before=before,
            after=after,
        )


def _added(session: Session, customer: Customer, remote: RemoteSubscription, starts_on: date) -> Subscription:
    subscription = Subscription(
        customer=customer,
        offer_id=remote.offer_id[:60],
        offer_name=remote.offer_name[:200],
        order_id=remote.order_id[:60],
        vnet_subscription_id=remote.id,
        portal_subscription_id=remote.id,
        seats=remote.seats,
        unit_price=Decimal(0),
        currency=customer.currency,
        state=SubscriptionState.ACTIVE,
        term_start=starts_on,
        term_end=remote.ends_on or _OPEN_END,
    )
    session.add(subscription)
    session.flush()
    return subscription


def take_invoice(session: Session, remote: RemoteInvoice, report: InvoicesReport, *, now: datetime) -> None:
    """Keep an invoice of 21Vianet as it is read; what Partner Center says otherwise later is taken over and noted.

    Whether it is paid is not said there: that stays the partner's own note.
    """
    report.invoices += 1
    named = 0 < len(remote.id) <= _NUMBER_MAX
    if not named or remote.billed_on is None or not _CURRENCY.match(remote.currency):
        report.skipped += 1
        return
    said = _said(remote, remote.billed_on)
    known = session.scalars(select(VnetInvoice).where(VnetInvoice.number == remote.id)).one_or_none()
    if known is None:
        session.add(VnetInvoice(number=remote.id, read_at=now, **said))
        session.flush()
        report.new += 1
        return
    before = {name: getattr(known, name) for name in said}
    if before == said:
        return
    for name, value in said.items():
        setattr(known, name, value)
    known.read_at = now
    session.flush()
    report.changed += 1
    record(
        session,
        "payable.read",
        object_type="vnet_invoice",
        object_id=known.id,
        actor_id=None,
        now=now,
        before={name: str(value) for name, value in before.items() if value != said[name]},
        after={name: str(value) for name, value in said.items() if value != before[name]},
    )


def _said(remote: RemoteInvoice, billed_on: date) -> dict[str, Any]:
    return {
        "billed_on": billed_on,
        "period_start": remote.starts_on,
        "period_end": remote.ends_on,
        "currency": remote.currency,
        "total_minor": Money.of(remote.total, remote.currency).minor,
        "paid_raw": remote.paid_raw,
        "document_type": remote.document_type[:40],
        "amends": remote.amends[:40],
    }
