"""Letting a notice go out that the policy gives to a person to approve."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.billing.models import Subscription
from helpdesk.collections.models import StageKind, SuspensionNotice
from helpdesk.collections.queries import standings
from helpdesk.collections.rules.approvals import check_approver
from helpdesk.collections.rules.engine import Step
from helpdesk.collections.rules.notices import NotDueForApproval
from helpdesk.collections.rules.schedule import WorkDays
from helpdesk.collections.services.notices import issue_notice
from helpdesk.db import locked


def approve_notice(
    session: Session, subscription: Subscription, *, by: User, now: datetime, calendar: WorkDays | None
) -> SuspensionNotice:
    """Approve the notice that is due for a subscription, and give it.

    Raises `NotDueForApproval`, `NotYoursToApprove`, and the errors of `issue_notice`.
    """
    locked(session, subscription)
    found = standings(session, now=now, calendar=calendar, customer_id=subscription.customer_id)
    standing = next((each for each in found if each.subscription.id == subscription.id), None)
    if standing is None or standing.action.step is not Step.AWAIT_APPROVAL:
        raise NotDueForApproval
    stage = standing.action.stage or StageKind.REMINDER
    check_approver(by.role, standing.policy.stage(stage).approval)
    return issue_notice(
        session,
        subscription,
        stage=stage,
        policy=standing.policy,
        now=now,
        calendar=calendar,
        extra_days=standing.extra_days,
        approved_by=by,
    )
