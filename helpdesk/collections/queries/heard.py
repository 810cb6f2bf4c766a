"""When a notice reached somebody."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import func, select

from helpdesk.billing.rules.invoices import day_in
from helpdesk.collections.models import SuspensionNotice
from helpdesk.collections.queries.notices import NOTICE
from helpdesk.collections.rules.notices import Issued
from helpdesk.notifications.models import Delivery, DeliveryState


def delivered_at() -> sa.ScalarSelect[datetime]:
    """A column beside a notice: when the first mail about it was taken by a contact's mail server."""
    return (
        select(func.min(Delivery.at))
        .where(
            Delivery.subject_type == NOTICE,
            Delivery.subject_id == SuspensionNotice.id,
            Delivery.state == DeliveryState.ACCEPTED,
        )
        .correlate(SuspensionNotice)
        .scalar_subquery()
    )


def issued_from(notice: SuspensionNotice, delivered: datetime | None, *, zone: str) -> Issued:
    """A notice for the rules. Its waiting time runs from the day on which it was first heard, if it was."""
    moments = [at for at in (delivered, notice.acknowledged_at) if at is not None]
    heard_at = max(notice.issued_at, min(moments)) if moments else notice.issued_at
    return Issued(notice.stage, day_in(zone, heard_at), notice.access_changes_on, heard=bool(moments))
