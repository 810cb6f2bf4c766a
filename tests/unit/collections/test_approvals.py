"""Who approves a stage of the policy: chosen with the version, and waited for."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.audit.models import AuditEntry
from helpdesk.billing.services import record_payment
from helpdesk.collections.models import Approval, StageKind, SuspensionNotice, SuspensionReason
from helpdesk.collections.queries import standings
from helpdesk.collections.rules.approvals import (
    DEFAULT_APPROVALS,
    ApprovalForbidden,
    NotYoursToApprove,
    SuspensionUnapproved,
    check_approvals,
)
from helpdesk.collections.rules.engine import Step
from helpdesk.collections.rules.notices import Issued, NotDueForApproval
from helpdesk.collections.rules.policies import CHOSEN
from helpdesk.collections.services import approve_suspension, propose_suspension, run_dunning
from helpdesk.collections.services.approving import approve_notice
from helpdesk.money import Money
from helpdesk.notifications.models import Delivery, DeliveryState, OutboxMessage
from tests.cast import Cast
from tests.unit.collections.making import Debt, add_debt, issue_up_to, published
from tests.unit.collections.test_engine import DAYS, TELLING, case_of, decide, told

ASKED = {**DEFAULT_APPROVALS, StageKind.FINAL_NOTICE: Approval.AGENT}


@pytest.fixture
def debt(session: Session, cast: Cast, now: datetime) -> Debt:
    """Both reminders were given and received; the final notice is due, and an agent approves it."""
    debt = add_debt(session, cast, now=now, days_overdue=20, approvals=ASKED)
    issue_up_to(session, debt, StageKind.SECOND_REMINDER, now=now)
    session.execute(sa.update(Delivery).values(state=DeliveryState.ACCEPTED))
    return debt


def stages(session: Session) -> list[StageKind]:
    return list(session.scalars(select(SuspensionNotice.stage).order_by(SuspensionNotice.id)))


def occasions(session: Session) -> list[str]:
    return [mail.payload.get("occasion", "") for mail in session.scalars(select(OutboxMessage))]


@settings(deadline=None)
@given(today=DAYS, stage=st.sampled_from(TELLING), on=DAYS)
def test_an_approval_only_ever_makes_a_notice_wait(today: date, stage: StageKind, on: date) -> None:
    said: dict[StageKind, Issued] = {}
    for kind in TELLING[: TELLING.index(stage)]:
        said[kind] = told(kind, on, said)
    case = case_of(today, told=said)

    alone, asked = decide(case), decide(case_of(today, told=said, approved_by_people=frozenset(TELLING)))

    if alone.step is Step.NOTIFY:
        assert (asked.step, asked.stage, asked.on) == (Step.AWAIT_APPROVAL, alone.stage, alone.on)
    else:
        assert asked == alone


def test_a_notice_that_needs_approval_waits_and_people_are_asked_once(
    session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    for hours in (0, 1, 24):
        run_dunning(session, now=now + timedelta(hours=hours), calendar=None)

    assert StageKind.FINAL_NOTICE not in stages(session)
    assert occasions(session).count("approval") == 1
    assert [each.action.step for each in standings(session, now=now, calendar=None)] == [Step.AWAIT_APPROVAL]


def test_an_agent_approves_it_and_it_goes_out_with_who_and_when(
    session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    notice = approve_notice(session, debt.subscription, by=cast.tom, now=now, calendar=None)

    assert (notice.stage, notice.approved_by, notice.approved_at) == (StageKind.FINAL_NOTICE, cast.tom, now)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "notice.approved")).one()
    assert (entry.actor_id, entry.object_id) == (cast.tom.id, notice.public_id)
    with pytest.raises(NotDueForApproval):
        approve_notice(session, debt.subscription, by=cast.mei, now=now, calendar=None)


def test_what_was_paid_meanwhile_is_not_approved(session: Session, cast: Cast, debt: Debt, now: datetime) -> None:
    record_payment(session, debt.invoice, amount=Money(16500), on=now.date(), reference="", by=cast.tom, now=now)

    with pytest.raises(NotDueForApproval):
        approve_notice(session, debt.subscription, by=cast.tom, now=now, calendar=None)


def test_an_agent_does_not_approve_what_a_lead_approves(session: Session, cast: Cast, now: datetime) -> None:
    approvals = {**DEFAULT_APPROVALS, StageKind.REMINDER: Approval.LEAD}
    debt = add_debt(session, cast, now=now, days_overdue=5, approvals=approvals)

    with pytest.raises(NotYoursToApprove):
        approve_notice(session, debt.subscription, by=cast.tom, now=now, calendar=None)
    assert approve_notice(session, debt.subscription, by=cast.mei, now=now, calendar=None).approved_by is cast.mei


def test_a_suspension_that_an_administrator_approves_is_not_approved_by_a_lead(
    session: Session, cast: Cast, now: datetime
) -> None:
    approvals = {**DEFAULT_APPROVALS, StageKind.SUSPENSION: Approval.ADMINISTRATOR}
    debt = add_debt(session, cast, now=now, days_overdue=30, approvals=approvals)
    issue_up_to(session, debt, StageKind.FINAL_NOTICE, now=now)
    session.execute(sa.update(Delivery).values(state=DeliveryState.ACCEPTED))
    case = propose_suspension(
        session, debt.subscription, reason=SuspensionReason.NON_PAYMENT, explanation="", by=cast.tom, now=now
    )

    with pytest.raises(NotYoursToApprove):
        approve_suspension(session, case, by=cast.mei, now=now)
    approve_suspension(session, case, by=cast.root, now=now)

    assert case.notice is not None
    assert case.notice.approved_by is cast.root


def test_the_version_that_holds_for_an_invoice_says_who_approves(
    session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    published(session, now=now, effective_from=now.date())

    assert [each.action.step for each in standings(session, now=now, calendar=None)] == [Step.AWAIT_APPROVAL]


@pytest.mark.parametrize(("kind", "approval"), list(product(CHOSEN, Approval)))
def test_a_suspension_is_never_approved_below_a_lead(kind: StageKind, approval: Approval) -> None:
    approvals = {**DEFAULT_APPROVALS, kind: approval}
    if kind is StageKind.SUSPENSION and approval in {Approval.ENGINE, Approval.AGENT}:
        with pytest.raises(SuspensionUnapproved):
            check_approvals(approvals)
        return
    check_approvals(approvals)


def test_nobody_of_ours_approves_a_deletion() -> None:
    with pytest.raises(ApprovalForbidden):
        check_approvals({**DEFAULT_APPROVALS, StageKind.DELETION: Approval.LEAD})


def test_a_policy_with_a_suspension_that_nobody_approves_is_not_published(session: Session, now: datetime) -> None:
    with pytest.raises(SuspensionUnapproved):
        published(session, now=now, approvals={StageKind.SUSPENSION: Approval.ENGINE})


def test_the_database_holds_no_suspension_without_approval(session: Session, debt: Debt) -> None:
    debt.policy.stage(StageKind.SUSPENSION).approval = Approval.AGENT

    with pytest.raises(sa.exc.IntegrityError):
        session.flush()
