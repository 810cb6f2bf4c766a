"""What was said before about the same debt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from helpdesk.billing.models import Subscription
from helpdesk.collections.models import NoticeState, SuspensionNotice
from helpdesk.collections.queries import chain_of, delivered_at, issued_from
from helpdesk.collections.rules.notices import Said, said_of


def said_about(session: Session, subscription: Subscription, due: Mapping[int, date]) -> Said:
    """What was said since the last settlement of the invoices that are overdue; `due` has their due dates by id."""
    statement = chain_of(subscription.id).add_columns(delivered_at()).options(selectinload(SuspensionNotice.invoices))
    zone = subscription.customer.time_zone
    found = session.execute(statement).all()
    return said_of([(issued_from(notice, at, zone=zone), notice.invoice_ids) for notice, at in found], due)


def notice_in_force(session: Session, subscription_id: int) -> SuspensionNotice | None:
    """The one notice in force about a subscription."""
    statement = select(SuspensionNotice).where(
        SuspensionNotice.subscription_id == subscription_id, SuspensionNotice.state == NoticeState.IN_FORCE
    )
    return session.scalars(statement).one_or_none()
