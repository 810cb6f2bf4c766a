"""What comes in while Partner Center suspends: the truth is recorded, and undone at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.billing.models import Invoice, InvoiceLine, SubscriptionState
from helpdesk.billing.services import open_dispute, record_payment
from helpdesk.collections.models import (
    CaseState,
    NoticeState,
    OrderGoal,
    OrderState,
    PartnerCenterOrder,
    SuspensionCase,
    SuspensionReason,
)
from helpdesk.collections.queries import urgent_notices_of
from helpdesk.collections.queries.suspended import suspended_without_notice
from helpdesk.collections.rules.cases import CaseCannotMove, CaseIsOpen, OrderIsOpen
from helpdesk.collections.services import confirm_reactivation, drop_case, propose_suspension, run_dunning
from helpdesk.collections.services.orders import order_change
from helpdesk.collections.services.overtaken import record_suspended
from helpdesk.collections.services.steering import place_hold
from helpdesk.extensions import db
from helpdesk.money import Money
from helpdesk.notifications.models import OutboxMessage
from helpdesk.notifications.rendering import render
from helpdesk.partner_center.errors import Unreachable
from helpdesk.partner_center.memory import MemoryPartnerCenter
from helpdesk.partner_center.shapes import RemoteSubscription
from tests.cast import Cast
from tests.unit.collections.making import add_debt
from tests.unit.collections.ordering import Ordered, approved, carry

Deed = Callable[[Session], object]


@pytest.fixture(autouse=True)
def _in_app(app: Flask, session: Session) -> Iterator[None]:
    del session
    with app.app_context():
        yield


@pytest.fixture
def ordered(session: Session, cast: Cast, now: datetime) -> Ordered:
    found = approved(session, cast, now=now)
    order_change(session, found.case, by=cast.mei, now=now)
    session.commit()
    return found


class Overtaken(MemoryPartnerCenter):
    """Suspends; before it answers, something happens here."""

    meanwhile: Deed
    is_lost: bool = False
    """Whether the answer never arrives."""
    does_it: bool = True

    def suspend(self, tenant_id: str, subscription_id: str, *, request_id: str) -> RemoteSubscription:
        """Do it, let the other thing happen, and answer."""
        if self.does_it:
            MemoryPartnerCenter.suspend(self, tenant_id, subscription_id, request_id=request_id)
        with db.sessionmaker.begin() as session:
            self.meanwhile(session)
        if self.is_lost:
            raise Unreachable(reference="r1")
        return self.known_subscriptions[tenant_id, subscription_id]


def overtaken(ordered: Ordered, meanwhile: Deed) -> Overtaken:
    center = Overtaken(known_subscriptions=ordered.center.known_subscriptions)
    center.meanwhile = meanwhile
    return center


def paying(ordered: Ordered, cast: Cast, now: datetime) -> Deed:
    def deed(session: Session) -> object:
        invoice = session.get_one(Invoice, ordered.debt.invoice.id)
        return record_payment(session, invoice, amount=Money(16500), on=now.date(), reference="", by=cast.tom, now=now)

    return deed


def orders(session: Session) -> list[tuple[OrderGoal, OrderState]]:
    session.expire_all()
    found = session.scalars(select(PartnerCenterOrder).order_by(PartnerCenterOrder.id))
    return [(order.goal, order.state) for order in found]


def mails(session: Session) -> list[str]:
    found = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [mail.payload.get("occasion") or mail.kind for mail in found]


def test_a_payment_while_partner_center_suspends_is_recorded_as_suspended_and_undone_at_once(
    session: Session, cast: Cast, ordered: Ordered, now: datetime
) -> None:
    center = overtaken(ordered, paying(ordered, cast, now))

    carry(center, now)

    assert orders(session) == [(OrderGoal.SUSPENDED, OrderState.DONE), (OrderGoal.ACTIVE, OrderState.WAITING)]
    case = ordered.case
    assert (case.state, case.subscription.state) == (CaseState.SUSPENDED, SubscriptionState.SUSPENDED)
    assert (case.wants_reactivation, case.was_overtaken) == (True, True)
    assert case.suspended_proof.startswith("status: suspended")
    assert case.data_deleted_on == now.date() + timedelta(days=60)

    carry(center, now)

    assert orders(session)[-1] == (OrderGoal.ACTIVE, OrderState.DONE)
    assert (case.state, case.subscription.state) == (CaseState.REACTIVATED, SubscriptionState.ACTIVE)
    assert [what for _id, what, _request in center.orders] == ["suspended", "active"]


def test_both_sides_are_told_what_happened(session: Session, cast: Cast, ordered: Ordered, now: datetime) -> None:
    center = overtaken(ordered, paying(ordered, cast, now))
    before = len(mails(session))

    carry(center, now)
    told = mails(session)[before:]
    carry(center, now)

    assert told.count("case_overtaken") == 1
    assert told.count("overtaken") == 2
    assert "notice_suspended" not in told
    assert [each for each in mails(session)[before + len(told) :] if each.endswith("reactivated")] == [
        "notice_reactivated"
    ]
    mail = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "case_overtaken")).one()
    assert f"/suspensions/{ordered.case.public_id}" in render(mail, address="w@lanting.example").text


def test_a_notice_that_was_settled_meanwhile_hides_nothing_from_the_customer(
    session: Session, cast: Cast, ordered: Ordered, now: datetime
) -> None:
    pay = paying(ordered, cast, now)

    def paid_and_run(fresh: Session) -> object:
        pay(fresh)
        return run_dunning(fresh, now=now, calendar=None)

    center = overtaken(ordered, paid_and_run)
    carry(center, now)

    session.expire_all()
    assert ordered.case.notice is not None
    assert ordered.case.notice.state is NoticeState.SETTLED
    assert ordered.case.state is CaseState.SUSPENDED
    assert suspended_without_notice(session, cast.wang_fang) == [ordered.case]
    carry(center, now)
    assert mails(session)[-1] == "case_reactivated"
    assert suspended_without_notice(session, cast.wang_fang) == []


@pytest.mark.parametrize("what", ["dispute", "hold"])
def test_a_dispute_or_a_hold_while_partner_center_suspends_undoes_it_too(
    session: Session, cast: Cast, ordered: Ordered, now: datetime, what: str
) -> None:
    def deed(fresh: Session) -> object:
        if what == "dispute":
            line = fresh.get_one(InvoiceLine, ordered.debt.invoice.lines[0].id)
            return open_dispute(fresh, line, amount=None, reason="", by=fresh.get_one(User, cast.wang_fang.id), now=now)
        until = now.date() + timedelta(days=7)
        return place_hold(fresh, cast.lanting, until=until, reason="A cheque is on its way.", by=cast.mei, now=now)

    center = overtaken(ordered, deed)
    carry(center, now)
    assert orders(session)[-1] == (OrderGoal.ACTIVE, OrderState.WAITING)

    carry(center, now)

    assert ordered.case.state is CaseState.REACTIVATED
    assert urgent_notices_of(session, cast.wang_fang) == []


@pytest.mark.parametrize("does_it", [True, False])
def test_after_an_unknown_outcome_and_a_payment_partner_center_is_only_looked_at(
    session: Session,
    cast: Cast,
    ordered: Ordered,
    now: datetime,
    does_it: bool,  # noqa: FBT001 - as pytest has it
) -> None:
    center = overtaken(ordered, paying(ordered, cast, now))
    center.is_lost, center.does_it = True, does_it
    carry(center, now)
    assert orders(session) == [(OrderGoal.SUSPENDED, OrderState.WAITING)]

    carry(center, now + timedelta(hours=1))

    assert len(center.orders) == does_it
    if does_it:
        assert orders(session) == [(OrderGoal.SUSPENDED, OrderState.DONE), (OrderGoal.ACTIVE, OrderState.WAITING)]
        assert ordered.case.was_overtaken
        return
    assert orders(session) == [(OrderGoal.SUSPENDED, OrderState.CANCELLED)]
    assert ordered.debt.subscription.state is SubscriptionState.ACTIVE


def test_a_case_that_partner_center_was_asked_about_is_not_dropped_before_it_answers(
    session: Session, cast: Cast, ordered: Ordered, now: datetime
) -> None:
    refused: list[type[Exception]] = []

    def drop(fresh: Session) -> None:
        try:
            drop_case(fresh, fresh.merge(ordered.case), reason="They called.", by=cast.mei, now=now)
        except OrderIsOpen as refusal:
            refused.append(type(refusal))

    carry(overtaken(ordered, drop), now)

    session.expire_all()
    assert refused == [OrderIsOpen]
    assert ordered.case.state is CaseState.SUSPENDED


def test_an_order_that_nobody_took_yet_does_not_keep_a_case(
    session: Session, cast: Cast, ordered: Ordered, now: datetime
) -> None:
    drop_case(session, ordered.case, reason="They called.", by=cast.mei, now=now)
    session.commit()

    carry(ordered.center, now)

    assert orders(session) == [(OrderGoal.SUSPENDED, OrderState.CANCELLED)]
    assert ordered.center.orders == []


def test_a_second_order_waits_for_the_first(session: Session, cast: Cast, ordered: Ordered, now: datetime) -> None:
    with pytest.raises(OrderIsOpen):
        order_change(session, ordered.case, by=cast.mei, now=now)


def test_the_debt_begins_anew_after_it_was_undone(
    session: Session, cast: Cast, ordered: Ordered, now: datetime
) -> None:
    until = now.date() + timedelta(days=2)
    center = overtaken(
        ordered, lambda fresh: place_hold(fresh, cast.lanting, until=until, reason="Wait.", by=cast.mei, now=now)
    )
    carry(center, now)
    carry(center, now)
    session.expire_all()

    run_dunning(session, now=now + timedelta(days=3), calendar=None)

    assert [urgency.stage.value for urgency in urgent_notices_of(session, cast.wang_fang)] == ["reminder"]


@pytest.fixture
def dropped(session: Session, cast: Cast, now: datetime) -> SuspensionCase:
    """Approved, then paid; the daily run gave it up before anybody recorded that it was done by hand."""
    found = approved(session, cast, now=now)
    invoice = found.debt.invoice
    record_payment(session, invoice, amount=Money(16500), on=now.date(), reference="", by=cast.tom, now=now)
    run_dunning(session, now=now, calendar=None)
    session.commit()
    assert found.case.state is CaseState.DROPPED
    return found.case


def test_who_was_asked_to_suspend_by_hand_is_told_that_it_is_given_up(
    session: Session, dropped: SuspensionCase
) -> None:
    told = [
        each.payload for each in session.scalars(select(OutboxMessage)) if each.payload.get("occasion") == "dropped"
    ]

    assert len(told) == 2
    assert {each["path"] for each in told} == {f"/work/collections/cases/{dropped.public_id}"}


def test_what_was_done_by_hand_before_its_case_was_given_up_is_recorded_and_undone(
    session: Session, cast: Cast, dropped: SuspensionCase, now: datetime
) -> None:
    later = now + timedelta(hours=1)

    record_suspended(session, dropped, seen="Status: Suspended", by=cast.tom, now=later)

    assert (dropped.state, dropped.subscription.state) == (CaseState.SUSPENDED, SubscriptionState.SUSPENDED)
    assert (dropped.wants_reactivation, dropped.was_overtaken) == (True, True)
    assert dropped.data_deleted_on == now.date() + timedelta(days=60)
    assert (dropped.closed_at, dropped.closing_words) == (None, "")
    assert mails(session)[-3:] == ["case_overtaken", "overtaken", "overtaken"]
    assert suspended_without_notice(session, cast.wang_fang) == [dropped]
    confirm_reactivation(session, dropped, seen="Status: Active", by=cast.tom, now=later)
    assert dropped.subscription.state is SubscriptionState.ACTIVE


def test_what_nobody_approved_is_not_recorded_as_done(session: Session, cast: Cast, now: datetime) -> None:
    debt = add_debt(session, cast, now=now)
    case = propose_suspension(
        session, debt.subscription, reason=SuspensionReason.MISUSE, explanation="Spam", by=cast.tom, now=now
    )
    drop_case(session, case, reason="No", by=cast.mei, now=now)

    with pytest.raises(CaseCannotMove):
        record_suspended(session, case, seen="Status: Suspended", by=cast.tom, now=now)


def test_what_is_done_is_recorded_on_the_newer_case_if_there_is_one(
    session: Session, cast: Cast, dropped: SuspensionCase, now: datetime
) -> None:
    propose_suspension(
        session, dropped.subscription, reason=SuspensionReason.MISUSE, explanation="Spam", by=cast.tom, now=now
    )

    with pytest.raises(CaseIsOpen):
        record_suspended(session, dropped, seen="Status: Suspended", by=cast.tom, now=now)
