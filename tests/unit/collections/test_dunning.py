"""The daily run: one notice at a time, never a surprise."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.billing.models import SubscriptionState
from helpdesk.billing.services import record_payment
from helpdesk.collections.models import (
    CaseState,
    CollectionsHold,
    NoticeState,
    StageKind,
    SuspensionCase,
    SuspensionNotice,
    SuspensionReason,
    Withdrawal,
)
from helpdesk.collections.queries import standings
from helpdesk.collections.rules import cases as rules
from helpdesk.collections.rules.engine import Step
from helpdesk.collections.rules.policies import GraceOutOfRange
from helpdesk.collections.rules.suspensions import ReactivatedTooLate, ReactivatedWhen
from helpdesk.collections.services import (
    approve_suspension,
    ask_reactivation,
    confirm_reactivation,
    confirm_suspension,
    drop_case,
    propose_suspension,
    run_dunning,
)
from helpdesk.collections.services.amending import give_up
from helpdesk.collections.services.steering import grant_exception, place_hold, release_hold
from helpdesk.money import Money
from helpdesk.notifications.models import Delivery, DeliveryState, OutboxMessage
from tests.cast import Cast
from tests.unit.billing.making import add_invoice, add_subscription, make_line
from tests.unit.collections.making import Debt, add_debt, published

DAY = timedelta(days=1)


@pytest.fixture
def debt(session: Session, cast: Cast, now: datetime) -> Debt:
    return add_debt(session, cast, now=now, days_overdue=0)


def deliver(session: Session, at: datetime, *, state: DeliveryState = DeliveryState.ACCEPTED) -> None:
    """What is queued reaches its mail server, or comes back."""
    session.execute(sa.update(Delivery).where(Delivery.state == DeliveryState.QUEUED).values(state=state, at=at))


def live(session: Session, start: datetime, days: int, *, works: bool = True) -> datetime:
    """Let the worker run once a day for so many days; mail arrives within the hour. Gives the last moment."""
    for count in range(days):
        run_dunning(session, now=start + count * DAY, calendar=None)
        if works:
            deliver(session, start + count * DAY + timedelta(minutes=5))
    return start + (days - 1) * DAY


def stages(session: Session) -> list[StageKind]:
    return list(session.scalars(select(SuspensionNotice.stage).order_by(SuspensionNotice.id)))


def only_case(session: Session) -> SuspensionCase:
    return session.scalars(select(SuspensionCase).order_by(SuspensionCase.id.desc())).first()  # type: ignore[return-value]


def mails(session: Session, kind: str) -> int:
    return session.scalars(select(func.count()).where(OutboxMessage.kind == kind)).one()


def test_every_stage_is_told_on_its_day_and_then_a_lead_is_asked(session: Session, debt: Debt, now: datetime) -> None:
    live(session, now, 32)

    assert stages(session) == [StageKind.REMINDER, StageKind.SECOND_REMINDER, StageKind.FINAL_NOTICE]
    days = [(at - now).days for at in session.scalars(select(SuspensionNotice.issued_at).order_by(SuspensionNotice.id))]
    assert days == [3, 10, 20]
    case = only_case(session)
    assert (case.state, (case.proposed_at - now).days) == (CaseState.PROPOSED, 30)
    assert debt.subscription.state is SubscriptionState.ACTIVE
    assert mails(session, "collections_desk") == 1


def test_running_twice_at_one_instant_does_nothing_twice(session: Session, debt: Debt, now: datetime) -> None:
    at = live(session, now, 4)
    before = session.scalars(select(func.count(OutboxMessage.id))).one()

    run_dunning(session, now=at, calendar=None)
    run_dunning(session, now=at, calendar=None)

    assert stages(session) == [StageKind.REMINDER]
    assert session.scalars(select(func.count(OutboxMessage.id))).one() == before


def test_a_worker_that_was_down_for_weeks_sends_the_one_notice_that_is_due(
    session: Session, debt: Debt, now: datetime
) -> None:
    run_dunning(session, now=now + 50 * DAY, calendar=None)

    assert stages(session) == [StageKind.REMINDER]


def test_no_stage_follows_a_notice_that_nobody_received_and_the_leads_are_told(
    session: Session, debt: Debt, now: datetime
) -> None:
    live(session, now, 40, works=False)
    deliver(session, now, state=DeliveryState.BOUNCED)

    counts = run_dunning(session, now=now + 41 * DAY, calendar=None)

    assert stages(session) == [StageKind.REMINDER]
    assert counts == Counter({Step.MAKE_HEARD: 1})
    assert mails(session, "collections_desk") == 1


def test_without_a_reachable_contact_nothing_begins(session: Session, cast: Cast, debt: Debt, now: datetime) -> None:
    cast.wang_fang.mail_failing_since = now

    counts = run_dunning(session, now=now + 20 * DAY, calendar=None)

    assert (stages(session), counts) == ([], Counter({Step.FIND_CONTACT: 1}))
    assert mails(session, "collections_desk") == 1


def test_the_waiting_time_runs_from_the_day_on_which_the_notice_was_received(
    session: Session, debt: Debt, now: datetime
) -> None:
    live(session, now, 4, works=False)
    deliver(session, now + 9 * DAY)

    run_dunning(session, now=now + 15 * DAY, calendar=None)
    assert stages(session) == [StageKind.REMINDER]

    run_dunning(session, now=now + 16 * DAY, calendar=None)
    assert stages(session) == [StageKind.REMINDER, StageKind.SECOND_REMINDER]


def test_an_invoice_that_joined_late_has_its_own_course(
    session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    live(session, now, 19)
    due_on = now.date() + 8 * DAY
    add_invoice(session, cast.lanting, now=now, lines=[make_line(subscription=debt.subscription)], due_on=due_on)
    at = live(session, now + 19 * DAY, 2)
    record_payment(session, debt.invoice, amount=Money(16500), on=at.date(), reference="", by=cast.tom, now=at)

    live(session, at + DAY, 20)

    told = [
        (n.stage, (n.issued_at - now).days)
        for n in session.scalars(select(SuspensionNotice).order_by(SuspensionNotice.id))
    ]
    assert told[:4] == [
        (StageKind.REMINDER, 3),
        (StageKind.SECOND_REMINDER, 10),
        (StageKind.FINAL_NOTICE, 20),
        (StageKind.REMINDER, 21),
    ]
    assert StageKind.SUSPENSION not in {stage for stage, _ in told}
    assert only_case(session) is None


def test_a_hold_stops_every_stage_and_its_release_shortens_nothing(
    session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    live(session, now, 4)
    hold = place_hold(
        session, cast.lanting, until=now.date() + 40 * DAY, reason="Talks", by=cast.mei, now=now + 4 * DAY
    )

    live(session, now + 4 * DAY, 30)
    assert stages(session) == [StageKind.REMINDER]

    release_hold(session, hold, by=cast.mei, now=now + 34 * DAY)
    live(session, now + 34 * DAY, 9)
    assert stages(session) == [StageKind.REMINDER, StageKind.SECOND_REMINDER]


def test_an_exception_moves_every_stage_later(session: Session, cast: Cast, debt: Debt, now: datetime) -> None:
    grant_exception(
        session, cast.lanting, extra_days=5, until=now.date() + 90 * DAY, reason="Year end", by=cast.mei, now=now
    )

    live(session, now, 16)

    days = [(at - now).days for at in session.scalars(select(SuspensionNotice.issued_at))]
    assert days == [8, 15]


@pytest.mark.parametrize(("lasts", "comes"), [(2, 3), (5, 6), (7, 8), (90, 8)])
def test_the_day_that_is_announced_counts_on_an_exception_only_while_it_holds(  # noqa: PLR0917
    session: Session, cast: Cast, debt: Debt, now: datetime, lasts: int, comes: int
) -> None:
    until = now.date() + lasts * DAY
    grant_exception(session, cast.lanting, extra_days=5, until=until, reason="Year end", by=cast.mei, now=now)

    announced = standings(session, now=now + DAY, calendar=None)[0].action.on
    live(session, now, 12)

    assert announced == now.date() + comes * DAY
    assert session.scalars(select(SuspensionNotice.issued_at)).first() == now + comes * DAY


@pytest.fixture
def proposed(session: Session, debt: Debt, now: datetime) -> tuple[SuspensionCase, datetime]:
    at = live(session, now, 31)
    return only_case(session), at


class Rests:
    """We do not work on one day."""

    def __init__(self, day: date) -> None:
        """Rest on `day`."""
        self._day = day

    def is_working_day(self, day: date) -> bool:
        """Whether it is another day."""
        return day != self._day


def test_a_proposal_waits_over_the_weekend(
    session: Session, cast: Cast, proposed: tuple[SuspensionCase, datetime]
) -> None:
    case, at = proposed

    run_dunning(session, now=at, calendar=Rests(at.date()))

    assert case.state is CaseState.PROPOSED
    assert standings(session, now=at, calendar=Rests(at.date()))[0].action.on == at.date() + DAY


def test_a_case_goes_from_the_proposal_to_the_reactivation(
    session: Session, cast: Cast, debt: Debt, proposed: tuple[SuspensionCase, datetime]
) -> None:
    case, at = proposed

    approve_suspension(session, case, by=cast.mei, now=at)
    with pytest.raises(rules.NotDueForSuspension):
        confirm_suspension(session, case, seen="Suspended", by=cast.tom, now=at)
    deliver(session, at)
    confirm_suspension(session, case, seen="Suspended", by=cast.tom, now=at)
    assert (debt.subscription.state, case.state) == (SubscriptionState.SUSPENDED, CaseState.SUSPENDED)
    assert case.data_deleted_on == at.date() + 60 * DAY

    live(session, at, 60)
    assert mails(session, "deletion_reminder") == 5

    record_payment(session, debt.invoice, amount=Money(16500), on=at.date(), reference="", by=cast.tom, now=at)
    run_dunning(session, now=at + 59 * DAY, calendar=None)
    assert case.wants_reactivation
    confirm_reactivation(session, case, seen="Active", by=cast.tom, now=at + 59 * DAY)
    assert (debt.subscription.state, case.state) == (SubscriptionState.ACTIVE, CaseState.REACTIVATED)


def test_a_payment_after_the_approval_stops_the_suspension(
    session: Session, cast: Cast, debt: Debt, proposed: tuple[SuspensionCase, datetime]
) -> None:
    case, at = proposed
    approve_suspension(session, case, by=cast.mei, now=at)
    deliver(session, at)
    record_payment(session, debt.invoice, amount=Money(16500), on=at.date(), reference="", by=cast.tom, now=at)

    with pytest.raises(rules.NotDueForSuspension):
        confirm_suspension(session, case, seen="Suspended", by=cast.tom, now=at)

    run_dunning(session, now=at + DAY, calendar=None)
    assert case.state is CaseState.DROPPED
    assert {n.state for n in session.scalars(select(SuspensionNotice))} == {NoticeState.SUPERSEDED, NoticeState.SETTLED}


def test_a_hold_after_the_approval_stops_the_suspension(
    session: Session, cast: Cast, debt: Debt, proposed: tuple[SuspensionCase, datetime]
) -> None:
    case, at = proposed
    approve_suspension(session, case, by=cast.mei, now=at)
    deliver(session, at)
    place_hold(session, cast.lanting, until=at.date() + 9 * DAY, reason="Talks", by=cast.mei, now=at)

    with pytest.raises(rules.NotDueForSuspension):
        confirm_suspension(session, case, seen="Suspended", by=cast.tom, now=at)


def test_a_non_payment_is_not_proposed_by_hand_before_the_policy_allows_it(
    session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    with pytest.raises(rules.NotDueForSuspension):
        propose_suspension(
            session,
            debt.subscription,
            reason=SuspensionReason.NON_PAYMENT,
            explanation="They never pay",
            by=cast.tom,
            now=now + 20 * DAY,
        )


def test_a_customers_request_needs_another_lead_and_no_notice(
    session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    case = propose_suspension(
        session,
        debt.subscription,
        reason=SuspensionReason.CUSTOMER_REQUEST,
        explanation="Wang Fang asked by mail",
        by=cast.mei,
        now=now,
    )
    with pytest.raises(rules.OwnProposal):
        approve_suspension(session, case, by=cast.mei, now=now)
    with pytest.raises(rules.CaseIsOpen):
        propose_suspension(
            session, debt.subscription, reason=SuspensionReason.MISUSE, explanation="x", by=cast.tom, now=now
        )
    approve_suspension(session, case, by=cast.root, now=now)
    confirm_suspension(session, case, seen="Suspended", by=cast.tom, now=now)
    assert mails(session, "case_suspended") == 1

    ask_reactivation(session, case, by=cast.tom, now=now)
    with pytest.raises(ReactivatedTooLate):
        confirm_reactivation(session, case, seen="Active", by=cast.tom, now=now + 60 * DAY)
    for wrong in (-1, 61):
        with pytest.raises(ReactivatedWhen):
            confirm_reactivation(
                session, case, seen="Active", by=cast.tom, now=now + 60 * DAY, on=(now + wrong * DAY).date()
            )
    late = now + 62 * DAY
    confirm_reactivation(session, case, seen="Active", by=cast.tom, now=late, on=(now + 59 * DAY).date())
    assert case.state is CaseState.REACTIVATED
    assert mails(session, "case_reactivated") == 1


def test_nothing_is_left_half_done_when_a_lead_gives_an_approved_suspension_up(
    session: Session, cast: Cast, proposed: tuple[SuspensionCase, datetime]
) -> None:
    case, at = proposed
    approve_suspension(session, case, by=cast.mei, now=at)
    deliver(session, at)

    give_up(session, case, reason="They pay on Friday", until=at.date() + 3 * DAY, by=cast.mei, now=at)

    assert case.state is CaseState.DROPPED
    assert case.notice is not None
    assert (case.notice.state, case.notice.withdrawal) == (NoticeState.WITHDRAWN, Withdrawal.GIVEN_UP)
    live(session, at + DAY, 3)
    assert only_case(session) is case
    live(session, at + 4 * DAY, 1)
    assert [each.state for each in session.scalars(select(SuspensionCase).order_by(SuspensionCase.id))] == [
        CaseState.DROPPED,
        CaseState.PROPOSED,
    ]


def test_giving_up_a_suspension_for_misuse_holds_no_bill_back(
    session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    case = propose_suspension(
        session, debt.subscription, reason=SuspensionReason.MISUSE, explanation="Spam", by=cast.tom, now=now
    )

    give_up(session, case, reason="It was a test mail", until=None, by=cast.mei, now=now)

    assert case.state is CaseState.DROPPED
    assert session.scalars(select(CollectionsHold)).all() == []


def test_a_dropped_case_is_final(session: Session, cast: Cast, proposed: tuple[SuspensionCase, datetime]) -> None:
    case, at = proposed
    drop_case(session, case, reason="They pay on Friday", by=cast.mei, now=at)

    with pytest.raises(rules.CaseCannotMove):
        approve_suspension(session, case, by=cast.mei, now=at)


@pytest.mark.parametrize(
    ("left", "due"), [(31, None), (30, 30), (20, 30), (14, 14), (2, 3), (1, 1), (0, 1), (-1, None)]
)
def test_a_late_reminder_is_the_last_one_only(left: int, due: int | None) -> None:
    assert rules.reminder_due(left) == due


def test_where_everybody_stands_takes_a_constant_number_of_statements(
    session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    statements: list[str] = []
    bind = session.get_bind()
    sa.event.listen(bind, "before_cursor_execute", lambda *args: statements.append(args[2]))

    found = standings(session, now=now + 20 * DAY, calendar=None)

    assert len(found) == 1
    assert len(statements) <= 14


def test_grace_lets_each_stage_come_later_than_the_terms_say(session: Session, cast: Cast, now: datetime) -> None:
    graces = {StageKind.REMINDER: 2, StageKind.SUSPENSION: 4}
    policy = published(session, now=now, graces=graces)
    subscription = add_subscription(session, cast.lanting)
    line = make_line(subscription=subscription)
    add_invoice(session, cast.lanting, now=now, lines=[line], due_on=now.date(), issued_on=now.date() - 30 * DAY)

    live(session, now, 36)

    days = [(at - now).days for at in session.scalars(select(SuspensionNotice.issued_at).order_by(SuspensionNotice.id))]
    assert days == [5, 10, 20]
    assert (only_case(session).proposed_at - now).days == 34
    assert policy.day_of(StageKind.SUSPENSION) == 30
    assert policy.offsets[StageKind.DELETION] == 94


def test_grace_is_neither_negative_nor_endless(session: Session, now: datetime) -> None:
    for days in (-1, 31):
        with pytest.raises(GraceOutOfRange):
            published(session, now=now, graces={StageKind.REMINDER: days})
