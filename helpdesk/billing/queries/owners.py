"""Whose a subscription is, by every id that a file may use for it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer
from helpdesk.billing.models import Subscription
from helpdesk.billing.reconciliation.usage import Owner


def owners_of_subscriptions(session: Session) -> dict[str, Owner]:
    """The owner of each subscription, by 21Vianet's id and by the portal's; one statement."""
    statement = select(Subscription.vnet_subscription_id, Subscription.portal_subscription_id, Customer.tenant_id).join(
        Subscription.customer
    )
    owners: dict[str, Owner] = {}
    for vnet, portal, tenant in session.execute(statement):
        owners[vnet] = owners[portal] = Owner(tenant, portal)
    return owners
