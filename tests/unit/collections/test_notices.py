"""When a notice may be issued, what it says, and how it ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.billing.models import DisputeState
from helpdesk.billing.services import close_dispute, open_dispute, record_payment
from helpdesk.collections.models import NoticeState, StageKind, SuspensionNotice
from helpdesk.collections.queries import amounts_of, urgent_notices_of
from helpdesk.collections.rules import notices as rules
from helpdesk.collections.services import acknowledge, issue_notice, settle, settle_paid, withdraw
from helpdesk.money import Money
from helpdesk.notifications.models import Delivery, DeliveryState, OutboxMessage
from helpdesk.notifications.rendering import render
from tests.cast import Cast
from tests.unit.billing.making import add_subscription
from tests.unit.collections.making import Debt, add_debt, issue_up_to, published

FINAL = StageKind.FINAL_NOTICE


@pytest.fixture
def debt(session: Session, cast: Cast, now: datetime) -> Debt:
    return add_debt(session, cast, now=now)


@pytest.mark.parametrize(("before", "after"), list(product(NoticeState, NoticeState)))
def test_a_notice_ends_once(before: NoticeState, after: NoticeState) -> None:
    if before is NoticeState.IN_FORCE and after is not NoticeState.IN_FORCE:
        rules.check_end(before, after)
        return
    with pytest.raises(rules.NoticeEnded):
        rules.check_end(before, after)


def test_a_final_notice_states_both_clocks_amount_and_clause(session: Session, debt: Debt, now: datetime) -> None:
    notice = issue_up_to(session, debt, FINAL, now=now)

    assert (notice.access_changes_on, notice.data_deleted_on) == (date(2026, 12, 4), date(2027, 2, 2))
    assert (notice.amount_stated, notice.clause, notice.policy.version) == (Money(16500), "3.3", 1)
    assert [part.invoice.number for part in notice.invoices] == [debt.invoice.number]


def test_a_later_notice_supersedes_the_earlier(session: Session, debt: Debt, now: datetime) -> None:
    issue_up_to(session, debt, FINAL, now=now)

    states = session.execute(select(SuspensionNotice.stage, SuspensionNotice.state).order_by(SuspensionNotice.id))

    assert [(stage, state) for stage, state in states] == [
        (StageKind.REMINDER, NoticeState.SUPERSEDED),
        (StageKind.SECOND_REMINDER, NoticeState.SUPERSEDED),
        (FINAL, NoticeState.IN_FORCE),
    ]


def test_a_stage_is_refused_while_an_earlier_one_is_missing(session: Session, debt: Debt, now: datetime) -> None:
    with pytest.raises(rules.EarlierStageMissing):
        issue_notice(session, debt.subscription, stage=FINAL, policy=debt.policy, now=now)


def test_a_stage_is_refused_before_its_day(session: Session, debt: Debt, now: datetime) -> None:
    early = now - timedelta(days=18)

    with pytest.raises(rules.StageTooEarly, match="2026-11-07"):
        issue_notice(session, debt.subscription, stage=StageKind.REMINDER, policy=debt.policy, now=early)


def test_the_same_stage_is_not_announced_twice(session: Session, debt: Debt, now: datetime) -> None:
    issue_up_to(session, debt, FINAL, now=now)

    for stage in (StageKind.REMINDER, FINAL):
        with pytest.raises(rules.StageIssuedBefore):
            issue_notice(session, debt.subscription, stage=stage, policy=debt.policy, now=now)


def test_nothing_is_announced_when_nothing_is_overdue(session: Session, cast: Cast, debt: Debt, now: datetime) -> None:
    record_payment(session, debt.invoice, amount=Money(16500), on=now.date(), reference="", by=cast.tom, now=now)

    with pytest.raises(rules.NothingOverdue):
        issue_notice(session, debt.subscription, stage=StageKind.REMINDER, policy=debt.policy, now=now)


def test_a_wholly_disputed_debt_is_not_announced(session: Session, cast: Cast, debt: Debt, now: datetime) -> None:
    open_dispute(session, debt.invoice.lines[0], amount=None, reason="", by=cast.wang_fang, now=now)

    with pytest.raises(rules.NothingOverdue):
        issue_notice(session, debt.subscription, stage=StageKind.REMINDER, policy=debt.policy, now=now)


def test_another_subscription_is_not_announced_for_this_debt(
    session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    other = add_subscription(session, cast.lanting)

    with pytest.raises(rules.NothingOverdue):
        issue_notice(session, other, stage=StageKind.REMINDER, policy=debt.policy, now=now)


def test_a_small_debt_starts_no_stage(session: Session, debt: Debt, now: datetime) -> None:
    policy = published(session, effective_from=date(2026, 1, 1), now=now, minimum=Money(16501))

    with pytest.raises(rules.BelowMinimum):
        issue_notice(session, debt.subscription, stage=StageKind.REMINDER, policy=policy, now=now)


def test_a_policy_that_is_only_announced_rules_nothing(session: Session, debt: Debt, now: datetime) -> None:
    policy = published(session, effective_from=date(2026, 12, 1), now=now)

    with pytest.raises(rules.PolicyNotInForce):
        issue_notice(session, debt.subscription, stage=StageKind.REMINDER, policy=policy, now=now)


def test_a_customer_whom_nobody_reaches_stays_where_it_is(
    session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    cast.wang_fang.mail_failing_since = now

    with pytest.raises(rules.NobodyReachable):
        issue_notice(session, debt.subscription, stage=StageKind.REMINDER, policy=debt.policy, now=now)


def test_a_late_final_notice_moves_the_suspension(session: Session, debt: Debt, now: datetime) -> None:
    issue_up_to(session, debt, StageKind.SECOND_REMINDER, now=now)
    late = now + timedelta(days=15)

    notice = issue_notice(session, debt.subscription, stage=FINAL, policy=debt.policy, now=late)

    assert notice.access_changes_on == late.date() + timedelta(days=10)


def test_a_suspension_waits_for_delivery(session: Session, cast: Cast, debt: Debt, now: datetime) -> None:
    issue_up_to(session, debt, FINAL, now=now)
    on_the_day = now + timedelta(days=10)

    with pytest.raises(rules.EarlierStageUnheard):
        issue_notice(session, debt.subscription, stage=StageKind.SUSPENSION, policy=debt.policy, now=on_the_day)

    session.execute(sa.update(Delivery).values(state=DeliveryState.ACCEPTED))
    notice = issue_notice(session, debt.subscription, stage=StageKind.SUSPENSION, policy=debt.policy, now=on_the_day)
    assert notice.access_changes_on == on_the_day.date()


def test_a_suspension_never_comes_before_the_day_that_was_stated(session: Session, debt: Debt, now: datetime) -> None:
    issue_up_to(session, debt, StageKind.SECOND_REMINDER, now=now)
    issue_notice(session, debt.subscription, stage=FINAL, policy=debt.policy, now=now + timedelta(days=8))
    session.execute(sa.update(Delivery).values(state=DeliveryState.ACCEPTED))

    with pytest.raises(rules.StageTooEarly):
        issue_notice(
            session,
            debt.subscription,
            stage=StageKind.SUSPENSION,
            policy=debt.policy,
            now=now + timedelta(days=12),
        )


def test_every_billing_contact_gets_one_mail(session: Session, cast: Cast, debt: Debt, now: datetime) -> None:
    cast.li_na.role = cast.wang_fang.role
    session.flush()

    issue_up_to(session, debt, StageKind.REMINDER, now=now)

    messages = session.scalars(select(OutboxMessage)).all()
    assert sorted(message.recipient_name for message in messages) == ["李娜", "王芳"]


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "ja"])
@pytest.mark.parametrize("stage", [StageKind.REMINDER, StageKind.SECOND_REMINDER, FINAL])
def test_the_mail_says_dates_amount_clause_and_what_to_do(  # noqa: PLR0917
    app: Flask, session: Session, cast: Cast, debt: Debt, now: datetime, stage: StageKind, locale: str
) -> None:
    cast.wang_fang.locale = locale
    notice = issue_up_to(session, debt, stage, now=now)
    message = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one()

    with app.app_context():
        mail = render(message, address="wang.fang@lanting.example")

    assert f"/notices/{notice.public_id}" in mail.text
    assert debt.invoice.number in mail.text
    assert "165.00" in mail.text
    assert f"/policy/{debt.policy.version}" in mail.html
    assert "Office 365 商业高级版" in mail.subject
    assert "2026" in mail.text
    assert "%(" not in mail.subject + mail.text + mail.html


def test_a_dispute_after_the_notice_lowers_what_is_due_now(
    session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    notice = issue_up_to(session, debt, FINAL, now=now)

    open_dispute(session, debt.invoice.lines[0], amount=Money(3300), reason="", by=cast.wang_fang, now=now)

    amounts = amounts_of(session, notice)
    assert (amounts.stated, amounts.due, amounts.disputed) == (Money(16500), Money(13200), Money(3300))


def test_a_paid_notice_is_settled(session: Session, cast: Cast, debt: Debt, now: datetime) -> None:
    notice = issue_up_to(session, debt, FINAL, now=now)
    record_payment(session, debt.invoice, amount=Money(16500), on=now.date(), reference="", by=cast.tom, now=now)

    assert settle_paid(session, now=now) == [notice]
    assert (notice.state, notice.closed_at) == (NoticeState.SETTLED, now)
    assert settle_paid(session, now=now) == []


def test_a_partial_payment_settles_nothing(session: Session, cast: Cast, debt: Debt, now: datetime) -> None:
    notice = issue_up_to(session, debt, FINAL, now=now)
    record_payment(session, debt.invoice, amount=Money(16499), on=now.date(), reference="", by=cast.tom, now=now)

    assert settle_paid(session, now=now) == []
    with pytest.raises(rules.NoticeStillDue):
        settle(session, notice, now=now)


def test_a_dispute_pauses_and_does_not_settle(session: Session, cast: Cast, debt: Debt, now: datetime) -> None:
    notice = issue_up_to(session, debt, FINAL, now=now)
    dispute = open_dispute(session, debt.invoice.lines[0], amount=None, reason="", by=cast.wang_fang, now=now)

    assert settle_paid(session, now=now) == []
    assert urgent_notices_of(session, cast.wang_fang) == []

    close_dispute(session, dispute, outcome=DisputeState.DECLINED, by=cast.tom, now=now)
    assert [urgency.public_id for urgency in urgent_notices_of(session, cast.wang_fang)] == [notice.public_id]


def test_after_a_settlement_the_stages_begin_anew(session: Session, cast: Cast, debt: Debt, now: datetime) -> None:
    issue_up_to(session, debt, FINAL, now=now)
    entry = record_payment(
        session, debt.invoice, amount=Money(16500), on=now.date(), reference="", by=cast.tom, now=now
    )
    settle_paid(session, now=now)
    record_payment(
        session, debt.invoice, amount=-entry.amount, on=now.date(), reference="returned", by=cast.tom, now=now
    )

    with pytest.raises(rules.EarlierStageMissing):
        issue_notice(session, debt.subscription, stage=StageKind.SUSPENSION, policy=debt.policy, now=now)
    issue_notice(session, debt.subscription, stage=StageKind.REMINDER, policy=debt.policy, now=now)


def test_a_withdrawn_stage_can_be_announced_again(session: Session, cast: Cast, debt: Debt, now: datetime) -> None:
    notice = issue_up_to(session, debt, FINAL, now=now)

    withdraw(session, notice, reason="wrong amount", by=cast.mei, now=now)

    again = issue_notice(session, debt.subscription, stage=FINAL, policy=debt.policy, now=now)
    assert again.state is NoticeState.IN_FORCE


def test_the_first_acknowledgement_counts(session: Session, cast: Cast, debt: Debt, now: datetime) -> None:
    notice = issue_up_to(session, debt, FINAL, now=now)

    acknowledge(session, notice, by=cast.wang_fang, now=now)
    acknowledge(session, notice, by=cast.li_na, now=now + timedelta(days=1))

    assert (notice.acknowledged_by_id, notice.acknowledged_at) == (cast.wang_fang.id, now)


def test_the_banner_is_of_ones_own_organisation_only(session: Session, cast: Cast, debt: Debt, now: datetime) -> None:
    issue_up_to(session, debt, FINAL, now=now)

    found = {
        name: len(urgent_notices_of(session, getattr(cast, name))) for name in ("wang_fang", "li_na", "sato", "tom")
    }

    assert found == {"wang_fang": 1, "li_na": 1, "sato": 0, "tom": 0}
