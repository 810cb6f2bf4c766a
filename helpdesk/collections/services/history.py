"""What was said before about the same debt."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.billing.models import Subscription
from helpdesk.billing.rules.invoices import day_in
from helpdesk.collections.models import NoticeState, StageKind, SuspensionNotice
from helpdesk.collections.queries import NOTICE, chain_of
from helpdesk.collections.rules.notices import Issued
from helpdesk.notifications.models import Delivery, DeliveryState


def issued_about(session: Session, subscription: Subscription) -> dict[StageKind, Issued]:
    """The notices since the last one that was settled, by stage; one that was withdrawn does not count."""
    statement = chain_of(subscription.id).add_columns(_was_delivered())
    return {
        notice.stage: Issued(
            stage=notice.stage,
            on=day_in(subscription.customer.time_zone, notice.issued_at),
            access_changes_on=notice.access_changes_on,
            heard=delivered or notice.acknowledged_at is not None,
        )
        for notice, delivered in session.execute(statement)
    }


def _was_delivered() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Delivery.subject_type == NOTICE,
        Delivery.subject_id == SuspensionNotice.id,
        Delivery.state == DeliveryState.ACCEPTED,
    )


def notice_in_force(session: Session, subscription_id: int) -> SuspensionNotice | None:
    """The one notice in force about a subscription."""
    statement = select(SuspensionNotice).where(
        SuspensionNotice.subscription_id == subscription_id, SuspensionNotice.state == NoticeState.IN_FORCE
    )
    return session.scalars(statement).one_or_none()
