"""An approved suspension and Partner Center in memory, for the tests of orders."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.collections.models import StageKind, SuspensionCase, SuspensionReason
from helpdesk.collections.services import approve_suspension, propose_suspension
from helpdesk.collections.services.carrying import carry_out_next
from helpdesk.extensions import db
from helpdesk.notifications.models import Delivery, DeliveryState
from helpdesk.partner_center.memory import MemoryPartnerCenter
from helpdesk.partner_center.shapes import RemoteSubscription
from tests.cast import Cast
from tests.unit.collections.making import Debt, add_debt, issue_up_to

GUID: Final = str(uuid.UUID(int=7))


@dataclass(frozen=True, slots=True)
class Ordered:
    """A debt, its approved case, and the place where it is to be suspended."""

    debt: Debt
    case: SuspensionCase
    center: MemoryPartnerCenter


def approved(session: Session, cast: Cast, *, now: datetime) -> Ordered:
    """Lanting's suspension is approved, and its notice has arrived."""
    debt = add_debt(session, cast, now=now, days_overdue=30)
    debt.subscription.portal_subscription_id = GUID
    issue_up_to(session, debt, StageKind.FINAL_NOTICE, now=now)
    arrive(session)
    case = propose_suspension(
        session, debt.subscription, reason=SuspensionReason.NON_PAYMENT, explanation="", by=cast.tom, now=now
    )
    approve_suspension(session, case, by=cast.mei, now=now)
    arrive(session)
    session.commit()
    remote = RemoteSubscription(
        GUID, "E3", "O", "E3", "1", 15, "active", date(2026, 1, 1), None, auto_renew=True, etag="e1", body={}
    )
    return Ordered(debt, case, MemoryPartnerCenter(known_subscriptions={(cast.lanting.tenant_id, GUID): remote}))


def arrive(session: Session) -> None:
    """Every mail so far was accepted."""
    session.execute(sa.update(Delivery).values(state=DeliveryState.ACCEPTED))


def carry(center: Any, now: datetime) -> bool:
    """Carry the next order out."""
    return carry_out_next(db.sessionmaker, lambda: center, now=now, calendar_of=lambda _session: None)
