"""What a customer must know on every page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.billing.models import Invoice, Subscription, SubscriptionState
from helpdesk.billing.queries import figures
from helpdesk.billing.queries.balances import balance_from
from helpdesk.collections.models import NoticeInvoice, NoticeState, StageKind, SuspensionNotice
from helpdesk.collections.queries.notices import visible
from helpdesk.money import Money


@dataclass(slots=True)
class Urgency:
    """One notice in force on which something is still due, or whose subscription is suspended."""

    public_id: str
    stage: StageKind
    product: str
    access_changes_on: date
    data_deleted_on: date
    due: Money
    disputed: Money
    suspended: bool


def urgent_notices_of(session: Session, user: User) -> list[Urgency]:
    """The pressing notices of a customer's organisation, the one with the earliest date first; one statement."""
    if user.customer_id is None:
        return []
    statement = (
        select(SuspensionNotice, Subscription.offer_name, Subscription.state, Invoice, *figures())
        .join(Subscription, Subscription.id == SuspensionNotice.subscription_id)
        .join(NoticeInvoice, NoticeInvoice.notice_id == SuspensionNotice.id)
        .join(Invoice, Invoice.id == NoticeInvoice.invoice_id)
        .where(visible(user), SuspensionNotice.state == NoticeState.IN_FORCE)
        .order_by(SuspensionNotice.access_changes_on, SuspensionNotice.id)
    )
    found = _summed(session.execute(statement))
    return [urgency for urgency in found if urgency.due or urgency.suspended]


def _summed(rows: Iterable[Any]) -> list[Urgency]:
    """One entry a notice, the due amounts of its invoices added up."""
    urgencies: dict[int, Urgency] = {}
    for notice, product, state, invoice, *found in rows:
        balance = balance_from(invoice, found)
        known = urgencies.get(notice.id)
        if known is not None:
            known.due += balance.due
            known.disputed += balance.disputed
            continue
        urgencies[notice.id] = Urgency(
            public_id=notice.public_id,
            stage=notice.stage,
            product=product,
            access_changes_on=notice.access_changes_on,
            data_deleted_on=notice.data_deleted_on,
            due=balance.due,
            disputed=balance.disputed,
            suspended=state is SubscriptionState.SUSPENDED,
        )
    return list(urgencies.values())
