"""Recording suspensions and reactivations."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.audit.models import AuditEntry
from helpdesk.billing.models import SubscriptionState
from helpdesk.billing.services import open_dispute, record_payment
from helpdesk.collections.models import NoticeState, StageKind, SuspensionNotice
from helpdesk.collections.queries import urgent_notices_of
from helpdesk.collections.rules import notices, suspensions
from helpdesk.collections.services import (
    issue_notice,
    reactivate_subscription,
    settle,
    settle_paid,
    suspend_subscription,
)
from helpdesk.money import Money
from helpdesk.notifications.models import Delivery, DeliveryState, OutboxMessage
from tests.cast import Cast
from tests.unit.collections.making import Debt, add_debt, issue_up_to


@pytest.fixture
def debt(session: Session, cast: Cast, now: datetime) -> Debt:
    return add_debt(session, cast, now=now, days_overdue=30)


@pytest.fixture
def announced(session: Session, debt: Debt, now: datetime) -> SuspensionNotice:
    issue_up_to(session, debt, StageKind.FINAL_NOTICE, now=now)
    session.execute(sa.update(Delivery).values(state=DeliveryState.ACCEPTED))
    return issue_notice(session, debt.subscription, stage=StageKind.SUSPENSION, policy=debt.policy, now=now)


def pay(session: Session, debt: Debt, cast: Cast, now: datetime) -> None:
    record_payment(session, debt.invoice, amount=Money(16500), on=now.date(), reference="", by=cast.tom, now=now)


def kinds(session: Session) -> list[str]:
    return [message.kind for message in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))]


def test_a_suspension_starts_the_second_clock_and_is_told(
    session: Session, cast: Cast, debt: Debt, announced: SuspensionNotice, now: datetime
) -> None:
    later = now + timedelta(days=2)

    suspend_subscription(session, announced, by=cast.mei, now=later)

    assert (debt.subscription.state, debt.subscription.suspended_at) == (SubscriptionState.SUSPENDED, later)
    assert announced.access_changes_on == later.date()
    assert announced.data_deleted_on == later.date() + timedelta(days=60)
    assert kinds(session)[-1] == "notice_suspended"
    assert "subscription.suspended" in session.scalars(select(AuditEntry.action)).all()
    assert urgent_notices_of(session, cast.wang_fang)[0].suspended


def test_a_subscription_is_not_suspended_before_its_notice(
    session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    final = issue_up_to(session, debt, StageKind.FINAL_NOTICE, now=now)

    with pytest.raises(suspensions.SuspensionNotAnnounced):
        suspend_subscription(session, final, by=cast.mei, now=now)


def test_a_payment_that_came_meanwhile_stops_the_suspension(
    session: Session, cast: Cast, debt: Debt, announced: SuspensionNotice, now: datetime
) -> None:
    pay(session, debt, cast, now)

    with pytest.raises(notices.NothingOverdue):
        suspend_subscription(session, announced, by=cast.mei, now=now)


def test_a_dispute_that_came_meanwhile_stops_the_suspension(
    session: Session, cast: Cast, debt: Debt, announced: SuspensionNotice, now: datetime
) -> None:
    open_dispute(session, debt.invoice.lines[0], amount=None, reason="", by=cast.wang_fang, now=now)

    with pytest.raises(notices.NothingOverdue):
        suspend_subscription(session, announced, by=cast.mei, now=now)


def test_nothing_is_suspended_twice(session: Session, cast: Cast, announced: SuspensionNotice, now: datetime) -> None:
    suspend_subscription(session, announced, by=cast.mei, now=now)

    with pytest.raises(suspensions.SubscriptionCannotChange):
        suspend_subscription(session, announced, by=cast.mei, now=now)


def test_the_notice_of_a_suspension_stands_until_the_subscription_works_again(
    session: Session, cast: Cast, debt: Debt, announced: SuspensionNotice, now: datetime
) -> None:
    suspend_subscription(session, announced, by=cast.mei, now=now)
    pay(session, debt, cast, now)

    assert settle_paid(session, now=now) == []
    with pytest.raises(notices.SuspensionStands):
        settle(session, announced, now=now)

    reactivate_subscription(session, debt.subscription, by=cast.mei, now=now + timedelta(days=1))
    assert (debt.subscription.state, debt.subscription.suspended_at) == (SubscriptionState.ACTIVE, None)
    assert announced.state is NoticeState.SETTLED
    assert kinds(session)[-1] == "notice_reactivated"
    assert urgent_notices_of(session, cast.wang_fang) == []


def test_a_reactivation_after_the_deletion_day_is_not_simply_recorded(
    session: Session, cast: Cast, debt: Debt, announced: SuspensionNotice, now: datetime
) -> None:
    suspend_subscription(session, announced, by=cast.mei, now=now)

    with pytest.raises(suspensions.ReactivatedTooLate):
        reactivate_subscription(session, debt.subscription, by=cast.mei, now=now + timedelta(days=60))


@pytest.mark.parametrize(("before", "after"), list(product(SubscriptionState, SubscriptionState)))
def test_a_subscription_moves_only_along_its_table(before: SubscriptionState, after: SubscriptionState) -> None:
    if after in suspensions.TRANSITIONS[before]:
        suspensions.check_state(before, after)
        return
    with pytest.raises(suspensions.SubscriptionCannotChange):
        suspensions.check_state(before, after)


def test_paying_closes_the_loop_with_a_mail(
    session: Session, cast: Cast, debt: Debt, announced: SuspensionNotice, now: datetime
) -> None:
    pay(session, debt, cast, now)

    settle_paid(session, now=now)

    assert kinds(session)[-1] == "notice_settled"
