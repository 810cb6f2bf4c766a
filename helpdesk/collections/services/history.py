"""What was said before about the same debt."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.billing.models import Subscription
from helpdesk.collections.models import NoticeState, StageKind, SuspensionNotice
from helpdesk.collections.rules.notices import Issued
from helpdesk.notifications.models import Delivery, DeliveryState

NOTICE = "notice"
"""What deliveries call their subject."""


def issued_about(session: Session, subscription: Subscription) -> dict[StageKind, Issued]:
    """The notices since the last one that was settled, by stage; one that was withdrawn does not count."""
    settled = (
        select(func.coalesce(func.max(SuspensionNotice.id), 0))
        .where(SuspensionNotice.subscription_id == subscription.id, SuspensionNotice.state == NoticeState.SETTLED)
        .scalar_subquery()
    )
    statement = (
        select(SuspensionNotice, _was_delivered())
        .where(
            SuspensionNotice.subscription_id == subscription.id,
            SuspensionNotice.id > settled,
            SuspensionNotice.state.in_([NoticeState.IN_FORCE, NoticeState.SUPERSEDED]),
        )
        .order_by(SuspensionNotice.id)
    )
    return {
        notice.stage: Issued(notice.stage, notice.access_changes_on, delivered or notice.acknowledged_at is not None)
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
