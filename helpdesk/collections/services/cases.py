"""A suspension case: proposed, approved by a lead, done by hand and confirmed; and the way back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.billing.models import Subscription, SubscriptionState
from helpdesk.billing.rules.invoices import day_in
from helpdesk.collections.models import Approval, CaseState, StageKind, SuspensionCase, SuspensionReason
from helpdesk.collections.queries import Standing, standings
from helpdesk.collections.rules import cases as rules
from helpdesk.collections.rules.approvals import check_approver
from helpdesk.collections.rules.engine import Step
from helpdesk.collections.rules.schedule import WorkDays, data_deleted_on
from helpdesk.collections.rules.suspensions import check_reactivation, check_state, reactivated_on
from helpdesk.collections.services.case_mails import tell_case_reactivated, tell_case_suspended
from helpdesk.collections.services.casebook import locked_case, open_case_of
from helpdesk.collections.services.desk_mails import ask_leads, ask_to_reactivate, tell_approved, tell_dropped
from helpdesk.collections.services.history import notice_in_force
from helpdesk.collections.services.notices import issue_notice
from helpdesk.collections.services.orders import check_unasked
from helpdesk.collections.services.suspensions import reactivate_subscription, suspend_subscription
from helpdesk.db import locked


def propose_suspension(
    session: Session,
    subscription: Subscription,
    *,
    reason: SuspensionReason,
    explanation: str,
    by: User | None,
    now: datetime,
    calendar: WorkDays | None = None,
) -> SuspensionCase:
    """Open a case and ask the leads; `by` is None when the daily run proposes.

    Raises `CaseIsOpen`, `SubscriptionCannotChange`, and `NotDueForSuspension` for a non-payment that the policy
    does not let through.
    """
    locked(session, subscription)
    if open_case_of(session, subscription.id) is not None:
        raise rules.CaseIsOpen
    check_state(subscription.state, SubscriptionState.SUSPENDED)
    approval = Approval.LEAD
    if reason is SuspensionReason.NON_PAYMENT:
        standing = due_standing(session, subscription, Step.PROPOSE_SUSPENSION, now=now, calendar=calendar)
        approval = standing.policy.stage(StageKind.SUSPENSION).approval
    case = SuspensionCase(
        customer_id=subscription.customer_id,
        subscription_id=subscription.id,
        reason=reason,
        explanation=explanation,
        proposed_at=now,
        proposed_by_id=by.id if by else None,
    )
    session.add(case)
    session.flush()
    session.refresh(case)
    _note(session, case, "proposed", by=by, now=now, after={"reason": reason.value, "explanation": explanation})
    ask_leads(session, case, approval=approval, now=now)
    return case


def due_standing(
    session: Session, subscription: Subscription, step: Step, *, now: datetime, calendar: WorkDays | None
) -> Standing:
    """How a subscription stands now, if `step` is what the policy asks for. Raises `NotDueForSuspension`."""
    found = standings(session, now=now, calendar=calendar, customer_id=subscription.customer_id)
    standing = next((each for each in found if each.subscription.id == subscription.id), None)
    if standing is None or standing.action.step is not step:
        raise rules.NotDueForSuspension
    return standing


def approve_suspension(
    session: Session, case: SuspensionCase, *, by: User, now: datetime, calendar: WorkDays | None = None
) -> None:
    """A lead lets the suspension happen; for non-payment the customer is given the notice of it now.

    Raises `OwnProposal`, `CaseCannotMove`, `NotDueForSuspension`, `NotYoursToApprove`, and the errors of
    `issue_notice`.
    """
    locked_case(session, case)
    if case.proposed_by_id == by.id:
        raise rules.OwnProposal
    rules.check_move(case.state, CaseState.APPROVED)
    if case.reason is SuspensionReason.NON_PAYMENT:
        standing = due_standing(session, case.subscription, Step.PROPOSE_SUSPENSION, now=now, calendar=calendar)
        check_approver(by.role, standing.policy.stage(StageKind.SUSPENSION).approval)
        notice = issue_notice(
            session,
            case.subscription,
            stage=StageKind.SUSPENSION,
            policy=standing.policy,
            now=now,
            calendar=calendar,
            extra_days=standing.extra_days,
            approved_by=by,
        )
        case.notice_id = notice.id
    case.state, case.approved_at, case.approved_by_id = CaseState.APPROVED, now, by.id
    _note(session, case, "approved", by=by, now=now)
    session.flush()
    session.refresh(case)
    tell_approved(session, case, now=now)


def confirm_suspension(
    session: Session,
    case: SuspensionCase,
    *,
    seen: str,
    by: User,
    now: datetime,
    calendar: WorkDays | None = None,
) -> None:
    """Record that the subscription was suspended in Partner Center and what it showed; tell the customer.

    Whatever came in since the approval is looked at again. Raises `NotConfirmed`, `CaseCannotMove`,
    `NotDueForSuspension`, and the errors of `rules.suspensions`.
    """
    if not seen.strip():
        raise rules.NotConfirmed
    locked_case(session, case)
    rules.check_move(case.state, CaseState.SUSPENDED)
    if case.state is CaseState.DROPPED:
        raise rules.CaseCannotMove
    if case.reason is SuspensionReason.NON_PAYMENT and case.notice is not None:
        due_standing(session, case.subscription, Step.CONFIRM_SUSPENSION, now=now, calendar=calendar)
        suspend_subscription(session, case.notice, by=by, now=now)
    else:
        _suspend_without_notice(session, case, by=by, now=now)
    case.suspended_proof = seen.strip()
    _note(session, case, "suspended", by=by, now=now, after={"seen": case.suspended_proof})
    session.flush()


def _suspend_without_notice(session: Session, case: SuspensionCase, *, by: User, now: datetime) -> None:
    check_state(rules.state_on_record(case.subscription.state, case.state), SubscriptionState.SUSPENDED)
    case.subscription.state, case.subscription.suspended_at = SubscriptionState.SUSPENDED, now
    case.state, case.suspended_at, case.suspended_by_id = CaseState.SUSPENDED, now, by.id
    case.data_deleted_on = data_deleted_on(day_in(case.customer.time_zone, now))
    session.flush()
    tell_case_suspended(session, case, now=now)


def drop_case(session: Session, case: SuspensionCase, *, reason: str, by: User | None, now: datetime) -> None:
    """Give a proposal or an approval up; who was asked to carry an approval out is told.

    Raises `CaseCannotMove`, and `OrderIsOpen` once Partner Center was asked.
    """
    locked_case(session, case)
    rules.check_move(case.state, CaseState.DROPPED)
    check_unasked(session, case)
    case.state, case.closed_at, case.closed_by_id = CaseState.DROPPED, now, by.id if by else None
    case.closing_words = reason
    _note(session, case, "dropped", by=by, now=now, after={"reason": reason})
    session.flush()
    if case.approved_at is not None:
        tell_dropped(session, case, now=now)


def ask_reactivation(session: Session, case: SuspensionCase, *, by: User | None, now: datetime) -> None:
    """Ask for the subscription to be switched on again; again changes nothing. Raises `CaseCannotMove`."""
    locked_case(session, case)
    rules.check_move(case.state, CaseState.REACTIVATED)
    if case.reactivation_asked_at is not None:
        return
    case.reactivation_asked_at, case.reactivation_asked_by_id = now, by.id if by else None
    _note(session, case, "reactivation_asked", by=by, now=now)
    session.flush()
    ask_to_reactivate(session, case, now=now)


def confirm_reactivation(
    session: Session, case: SuspensionCase, *, seen: str, by: User, now: datetime, on: date | None = None
) -> None:
    """Record that the subscription works again since the day `on`, and what Partner Center showed; tell the customer.

    Raises `NotConfirmed`, `CaseCannotMove`, `ReactivatedWhen`, `ReactivatedTooLate`.
    """
    if not seen.strip():
        raise rules.NotConfirmed
    locked_case(session, case)
    rules.check_move(case.state, CaseState.REACTIVATED)
    today = day_in(case.customer.time_zone, now)
    read = case.subscription.state
    deletion = None if read is SubscriptionState.ACTIVE else case.data_deleted_on
    suspended_on = day_in(case.customer.time_zone, case.suspended_at) if case.suspended_at else None
    on = reactivated_on(on, suspended_on=suspended_on, today=today)
    check_reactivation(rules.state_on_record(read, case.state), data_deleted_on=deletion, on=on)
    case.closing_words = seen.strip()
    has_notice = notice_in_force(session, case.subscription_id) is not None
    reactivate_subscription(session, case.subscription, by=by, now=now, on=on)
    if not has_notice:
        tell_case_reactivated(session, case, now=now)
    _note(session, case, "reactivated", by=by, now=now, after={"seen": case.closing_words, "on": on.isoformat()})
    session.flush()


def _note(
    session: Session,
    case: SuspensionCase,
    deed: str,
    *,
    by: User | None,
    now: datetime,
    after: dict[str, Any] | None = None,
) -> None:
    record(
        session,
        f"suspension.{deed}",
        object_type="suspension_case",
        object_id=case.public_id,
        actor_id=by.id if by else None,
        now=now,
        after=after,
    )
