"""Whose a subscription is, by every id that a file may use for it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer
from helpdesk.billing.models import ReconciliationRow, Subscription
from helpdesk.billing.reconciliation.usage import Owner, Owners


def owners_of_subscriptions(session: Session) -> Owners:
    """The owner of each subscription that we bill or that a license-based file named; three statements."""
    owners: dict[str, Owner] = {}
    for source in (_charged(), _billed()):
        for vnet, portal, tenant in session.execute(source):
            owners[vnet] = owners[portal] = Owner(tenant, portal)
    domains = session.execute(select(Customer.domain, Customer.tenant_id))
    return Owners(owners, {row.domain.casefold(): row.tenant_id for row in domains})


def _billed() -> sa.Select[str, str, str]:
    return select(Subscription.vnet_subscription_id, Subscription.portal_subscription_id, Customer.tenant_id).join(
        Subscription.customer
    )


def _charged() -> sa.Select[str, str, str]:
    columns = (
        ReconciliationRow.vnet_subscription_id,
        ReconciliationRow.portal_subscription_id,
        ReconciliationRow.tenant_id,
    )
    return select(*columns).where(ReconciliationRow.consumed.is_(None)).distinct()
