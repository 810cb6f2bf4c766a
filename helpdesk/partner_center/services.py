"""Reading Partner Center into our own tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer
from helpdesk.accounts.services import create_customer
from helpdesk.audit.services import record
from helpdesk.billing.models import Subscription, SubscriptionState
from helpdesk.partner_center.shapes import RemoteCustomer, RemoteSubscription

_STATES: Final = {
    "active": SubscriptionState.ACTIVE,
    "suspended": SubscriptionState.SUSPENDED,
    "deleted": SubscriptionState.DELETED,
}
_OPEN_END: Final = date(2099, 12, 31)


@dataclass(slots=True)
class ReadReport:
    """What was read, and what of it was new."""

    customers: int = 0
    new_customers: int = 0
    subscriptions: int = 0
    new_subscriptions: int = 0
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
