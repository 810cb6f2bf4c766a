"""Having Partner Center suspend and reactivate: nothing counts before it is seen there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.audit.models import AuditEntry
from helpdesk.billing.models import SubscriptionState
from helpdesk.billing.services import record_payment
from helpdesk.collections.jobs import carry_out
from helpdesk.collections.models import (
    CaseState,
    OrderState,
    PartnerCenterOrder,
    SuspensionCase,
)
from helpdesk.collections.rules.cases import CaseCannotMove, OrderIsOpen
from helpdesk.collections.services import ask_reactivation, run_dunning
from helpdesk.collections.services.carrying import TRIES
from helpdesk.collections.services.orders import order_change
from helpdesk.money import Money
from helpdesk.notifications.models import Delivery, DeliveryState, OutboxMessage
from helpdesk.partner_center.errors import Refused, Unreachable
from helpdesk.partner_center.memory import MemoryPartnerCenter
from helpdesk.partner_center.shapes import RemoteSubscription
from tests.cast import Cast
from tests.unit.collections.making import Debt
from tests.unit.collections.ordering import GUID, Ordered, approved, arrive, carry


@pytest.fixture
def ready(session: Session, cast: Cast, now: datetime) -> Ordered:
    """Approved, and its notice has arrived."""
    return approved(session, cast, now=now)


@pytest.fixture
def debt(ready: Ordered) -> Debt:
    return ready.debt


@pytest.fixture
def case(ready: Ordered) -> SuspensionCase:
    return ready.case


@pytest.fixture
def center(ready: Ordered) -> MemoryPartnerCenter:
    return ready.center


@pytest.fixture(autouse=True)
def _in_app(app: Flask, session: Session) -> Iterator[None]:
    del session
    with app.app_context():
        yield


def read(session: Session, case: SuspensionCase) -> tuple[CaseState, SubscriptionState, OrderState]:
    session.expire_all()
    order = session.scalars(select(PartnerCenterOrder).order_by(PartnerCenterOrder.id.desc())).first()
    assert order is not None
    return case.state, case.subscription.state, order.state


class Broken(MemoryPartnerCenter):
    """Answers with a refusal."""

    refusal: Exception

    def suspend(self, tenant_id: str, subscription_id: str, *, request_id: str) -> RemoteSubscription:
        """Refuse."""
        del tenant_id
        self.orders.append((subscription_id, "asked", request_id))
        raise self.refusal


class Slow(MemoryPartnerCenter):
    """Takes the change, and shows the old state for a while."""

    def suspend(self, tenant_id: str, subscription_id: str, *, request_id: str) -> RemoteSubscription:
        """Suspend, and show it at the second look only."""
        before = self.known_subscriptions[tenant_id, subscription_id]
        MemoryPartnerCenter.suspend(self, tenant_id, subscription_id, request_id=request_id)
        return (
            before
            if len(self.orders) == 1 and before.status == "active"
            else self.known_subscriptions[tenant_id, subscription_id]
        )


def broken(refusal: Exception) -> Broken:
    center = Broken()
    center.refusal = refusal
    return center


def test_it_is_suspended_once_partner_center_shows_it(
    session: Session, cast: Cast, case: SuspensionCase, center: MemoryPartnerCenter, now: datetime
) -> None:
    order = order_change(session, case, by=cast.mei, now=now)
    session.commit()
    assert read(session, case)[:2] == (CaseState.APPROVED, SubscriptionState.ACTIVE)

    assert carry(center, now)
    assert not carry(center, now)

    assert read(session, case) == (CaseState.SUSPENDED, SubscriptionState.SUSPENDED, OrderState.DONE)
    assert center.orders == [(GUID, "suspended", order.request_id)]
    assert re.match("status: suspended, etag: e1, request: ", case.suspended_proof)
    assert session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.like("partner_center.%")).order_by(AuditEntry.id)
    ).all() == [
        "partner_center.ordered",
        "partner_center.done",
    ]
    assert "notice_suspended" in session.scalars(select(OutboxMessage.kind)).all()


def test_what_is_not_seen_yet_is_looked_at_again_under_the_same_request(
    session: Session, cast: Cast, case: SuspensionCase, center: MemoryPartnerCenter, now: datetime
) -> None:
    slow = Slow(known_subscriptions=center.known_subscriptions)
    order_change(session, case, by=cast.mei, now=now)
    session.commit()

    carry(slow, now)
    assert read(session, case) == (CaseState.APPROVED, SubscriptionState.ACTIVE, OrderState.WAITING)
    assert not carry(slow, now + timedelta(minutes=1))
    carry(slow, now + timedelta(minutes=2))

    assert read(session, case) == (CaseState.SUSPENDED, SubscriptionState.SUSPENDED, OrderState.DONE)
    assert len({request for _id, _what, request in slow.orders}) == 1


def test_a_payment_that_came_in_meanwhile_cancels_the_order(  # noqa: PLR0917
    session: Session, cast: Cast, debt: Debt, case: SuspensionCase, center: MemoryPartnerCenter, now: datetime
) -> None:
    order_change(session, case, by=cast.mei, now=now)
    record_payment(session, debt.invoice, amount=Money(16500), on=now.date(), reference="", by=cast.tom, now=now)
    session.commit()

    carry(center, now)

    assert read(session, case)[1:] == (SubscriptionState.ACTIVE, OrderState.CANCELLED)
    assert center.orders == []


def test_an_order_waits_until_somebody_has_received_the_notice(
    session: Session, cast: Cast, case: SuspensionCase, center: MemoryPartnerCenter, now: datetime
) -> None:
    session.execute(
        sa.update(Delivery)
        .where(Delivery.subject_type == "notice", Delivery.subject_id == case.notice_id)
        .values(state=DeliveryState.QUEUED)
    )
    order_change(session, case, by=cast.mei, now=now)
    session.commit()

    assert carry(center, now)
    assert (read(session, case)[2], center.orders) == (OrderState.WAITING, [])
    arrive(session)
    session.commit()
    assert carry(center, now + timedelta(minutes=15))
    assert read(session, case)[2] is OrderState.DONE


def test_a_refusal_ends_the_order_and_asks_people(
    session: Session, cast: Cast, case: SuspensionCase, now: datetime
) -> None:
    refusal = Refused(status=403, code="2032", description="access denied", reference="r1")
    order_change(session, case, by=cast.mei, now=now)
    session.commit()

    carry(broken(refusal), now)

    assert read(session, case) == (CaseState.APPROVED, SubscriptionState.ACTIVE, OrderState.FAILED)
    occasions = [mail.payload.get("occasion") for mail in session.scalars(select(OutboxMessage))]
    assert occasions.count("order") == 2


def test_an_unknown_outcome_is_tried_again_with_the_same_request_and_then_given_up(
    session: Session, cast: Cast, case: SuspensionCase, now: datetime
) -> None:
    center = broken(Unreachable(reference="r1"))
    order_change(session, case, by=cast.mei, now=now)
    session.commit()

    for count in range(TRIES):
        assert carry(center, now + timedelta(days=count))

    assert read(session, case) == (CaseState.APPROVED, SubscriptionState.ACTIVE, OrderState.FAILED)
    assert len(center.orders) == TRIES
    assert len(set(center.orders)) == 1


def test_a_paid_subscription_is_reactivated_the_same_way(  # noqa: PLR0917
    session: Session, cast: Cast, debt: Debt, case: SuspensionCase, center: MemoryPartnerCenter, now: datetime
) -> None:
    order_change(session, case, by=cast.mei, now=now)
    session.commit()
    carry(center, now)
    session.expire_all()
    record_payment(session, debt.invoice, amount=Money(16500), on=now.date(), reference="", by=cast.tom, now=now)
    run_dunning(session, now=now + timedelta(hours=1), calendar=None)
    assert case.wants_reactivation

    order_change(session, case, by=cast.mei, now=now)
    session.commit()
    carry(center, now)

    assert read(session, case) == (CaseState.REACTIVATED, SubscriptionState.ACTIVE, OrderState.DONE)


def test_only_what_was_approved_or_asked_for_can_be_ordered_and_once(
    session: Session, cast: Cast, case: SuspensionCase, center: MemoryPartnerCenter, now: datetime
) -> None:
    order_change(session, case, by=cast.mei, now=now)
    with pytest.raises(OrderIsOpen):
        order_change(session, case, by=cast.mei, now=now)
    session.commit()
    carry(center, now)
    session.expire_all()
    with pytest.raises(CaseCannotMove):
        order_change(session, case, by=cast.mei, now=now)
    ask_reactivation(session, case, by=cast.tom, now=now)
    order_change(session, case, by=cast.mei, now=now)


def test_with_the_kill_switch_off_orders_wait(
    app: Flask, session: Session, cast: Cast, case: SuspensionCase, now: datetime
) -> None:
    order_change(session, case, by=cast.mei, now=now)
    session.commit()

    assert carry_out(app) is False
    assert read(session, case)[2] is OrderState.WAITING
