"""Partner Center is read between what somebody did there and their record of it; and what 21Vianet has deleted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.billing.models import SubscriptionState
from helpdesk.billing.services import record_payment
from helpdesk.collections.models import CaseState, NoticeState, SuspensionReason
from helpdesk.collections.queries import urgent_notices_of
from helpdesk.collections.rules.cases import CaseCannotMove, DataStillThere, NotConfirmed
from helpdesk.collections.services import (
    approve_suspension,
    confirm_reactivation,
    confirm_suspension,
    propose_suspension,
    run_dunning,
)
from helpdesk.collections.services.deleting import record_deletion
from helpdesk.collections.services.overtaken import record_suspended
from helpdesk.money import Money
from tests.cast import Cast
from tests.unit.collections.ordering import Ordered, approved

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_app(app: Flask, session: Session) -> Iterator[None]:
    del session
    with app.app_context():
        yield


@pytest.fixture
def found(session: Session, cast: Cast, now: datetime) -> Ordered:
    return approved(session, cast, now=now)


def read(found: Ordered, state: SubscriptionState, now: datetime) -> None:
    """What reading Partner Center writes down."""
    found.debt.subscription.state = state
    found.debt.subscription.suspended_at = now if state is SubscriptionState.SUSPENDED else None


def state_of(found: Ordered) -> CaseState:
    """Asked for anew each time."""
    return found.case.state


def test_a_suspension_that_was_read_before_it_is_recorded_is_recorded_all_the_same(
    session: Session, cast: Cast, found: Ordered, now: datetime
) -> None:
    read(found, SubscriptionState.SUSPENDED, now)

    run_dunning(session, now=now, calendar=None)
    assert found.case.state is CaseState.APPROVED
    record_suspended(session, found.case, seen="Suspended", by=cast.tom, now=now)

    assert (found.case.state, found.case.was_overtaken) == (CaseState.SUSPENDED, False)


def test_one_without_a_notice_too(session: Session, cast: Cast, found: Ordered, now: datetime) -> None:
    found.case.state = CaseState.DROPPED
    case = propose_suspension(
        session, found.debt.subscription, reason=SuspensionReason.MISUSE, explanation="Spam", by=cast.tom, now=now
    )
    approve_suspension(session, case, by=cast.mei, now=now)
    read(found, SubscriptionState.SUSPENDED, now)

    confirm_suspension(session, case, seen="Suspended", by=cast.tom, now=now)

    assert case.state is CaseState.SUSPENDED


def test_one_that_a_payment_crossed_too(session: Session, cast: Cast, found: Ordered, now: datetime) -> None:
    invoice = found.debt.invoice
    record_payment(session, invoice, amount=Money(16500), on=now.date(), reference="", by=cast.tom, now=now)
    run_dunning(session, now=now, calendar=None)
    read(found, SubscriptionState.SUSPENDED, now)

    record_suspended(session, found.case, seen="Suspended", by=cast.tom, now=now)

    assert found.case.was_overtaken


def test_a_reactivation_that_was_read_before_it_is_recorded_is_recorded_all_the_same(
    session: Session, cast: Cast, found: Ordered, now: datetime
) -> None:
    record_suspended(session, found.case, seen="Suspended", by=cast.tom, now=now)
    read(found, SubscriptionState.ACTIVE, now)

    run_dunning(session, now=now, calendar=None)
    assert state_of(found) is CaseState.SUSPENDED
    confirm_reactivation(session, found.case, seen="Active", by=cast.tom, now=now + 70 * DAY)

    assert state_of(found) is CaseState.REACTIVATED


def test_what_21vianet_has_deleted_is_recorded_and_ends_the_case_and_its_notice(
    session: Session, cast: Cast, found: Ordered, now: datetime
) -> None:
    record_suspended(session, found.case, seen="Suspended", by=cast.tom, now=now)
    with pytest.raises(DataStillThere):
        record_deletion(session, found.case, seen="Deleted", by=cast.tom, now=now + 59 * DAY)
    with pytest.raises(NotConfirmed):
        record_deletion(session, found.case, seen=" ", by=cast.tom, now=now + 60 * DAY)

    record_deletion(session, found.case, seen="Deleted", by=cast.tom, now=now + 60 * DAY)

    assert (found.case.state, found.debt.subscription.state) == (CaseState.DELETED, SubscriptionState.DELETED)
    assert found.debt.subscription.suspended_at is None
    assert found.case.notice is not None
    assert found.case.notice.state is NoticeState.SETTLED
    assert urgent_notices_of(session, cast.wang_fang) == []
    with pytest.raises(CaseCannotMove):
        confirm_reactivation(session, found.case, seen="Active", by=cast.tom, now=now + 61 * DAY)


def test_what_was_read_as_deleted_is_recorded_on_any_day(
    session: Session, cast: Cast, found: Ordered, now: datetime
) -> None:
    record_suspended(session, found.case, seen="Suspended", by=cast.tom, now=now)
    read(found, SubscriptionState.DELETED, now)

    record_deletion(session, found.case, seen="Deleted", by=cast.tom, now=now + 20 * DAY)

    assert found.case.state is CaseState.DELETED
