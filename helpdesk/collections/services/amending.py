"""What staff do with a notice in force: send it again, correct it, take it back."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.billing.models import SubscriptionState
from helpdesk.collections.models import Approval, CaseState, NoticeView, SuspensionCase, SuspensionNotice, Withdrawal
from helpdesk.collections.rules.approvals import check_approver
from helpdesk.collections.rules.notices import NobodyReachable, NoticeEnded, SuspensionStands
from helpdesk.collections.rules.schedule import WorkDays
from helpdesk.collections.rules.steering import check_reason
from helpdesk.collections.services.casebook import locked_case, open_case_of
from helpdesk.collections.services.cases import drop_case
from helpdesk.collections.services.ending import withdraw
from helpdesk.collections.services.mails import reachable_contacts, tell_issued
from helpdesk.collections.services.notices import issue_notice
from helpdesk.collections.services.orders import check_unasked
from helpdesk.collections.services.steering import place_hold
from helpdesk.db import locked


def reissue(session: Session, notice: SuspensionNotice, *, by: User, now: datetime) -> None:
    """Send a notice again to every contact who can be reached. Raises `NoticeEnded`, `NobodyReachable`."""
    if not locked(session, notice).is_in_force:
        raise NoticeEnded
    contacts = reachable_contacts(session, notice.customer_id)
    if not contacts:
        raise NobodyReachable
    tell_issued(session, notice, contacts, now=now, occasion=now.isoformat(timespec="seconds"))
    record(session, "notice.reissued", object_type="notice", object_id=notice.public_id, actor_id=by.id, now=now)
    session.flush()


def correct_notice(
    session: Session, notice: SuspensionNotice, *, reason: str, by: User, now: datetime, calendar: WorkDays | None
) -> SuspensionNotice:
    """Take a notice back and give the same stage anew with the amounts of today; its waiting time begins again.

    An approved suspension goes on with the new notice. Raises `ReasonMissing`, `NoticeEnded`, `SuspensionStands`,
    `OrderIsOpen`, `NotYoursToApprove`, and the errors of `issue_notice`.
    """
    approval = notice.policy.stage(notice.stage).approval
    if approval is not Approval.ENGINE:
        check_approver(by.role, approval)
    case = _taken_back(session, notice, Withdrawal.CORRECTED, reason=reason, by=by, now=now)
    corrected = issue_notice(
        session,
        notice.subscription,
        stage=notice.stage,
        policy=notice.policy,
        now=now,
        calendar=calendar,
        approved_by=None if approval is Approval.ENGINE else by,
    )
    if case is not None:
        case.notice_id = corrected.id
        session.flush()
        session.refresh(case)
    return corrected


def take_back(session: Session, notice: SuspensionNotice, *, reason: str, until: date, by: User, now: datetime) -> None:
    """Withdraw a notice, tell the customer why, and let no stage begin until a day.

    Raises `ReasonMissing`, `DayNotAhead`, `NoticeEnded`, `SuspensionStands`, `OrderIsOpen`.
    """
    case = _taken_back(session, notice, Withdrawal.IN_ERROR, reason=reason, by=by, now=now)
    if case is not None:
        drop_case(session, case, reason=reason.strip(), by=by, now=now)
    place_hold(session, notice.customer, until=until, reason=reason, by=by, now=now)


def _taken_back(
    session: Session, notice: SuspensionNotice, why: Withdrawal, *, reason: str, by: User, now: datetime
) -> SuspensionCase | None:
    """Withdraw a notice; give the approved suspension that was to be carried out on it."""
    check_reason(reason)
    case = open_case_of(session, notice.subscription_id)
    if case is not None:
        locked_case(session, case)
    if locked(session, notice.subscription).state is SubscriptionState.SUSPENDED:
        raise SuspensionStands
    withdraw(session, notice, reason=reason.strip(), by=by, now=now, why=why)
    if case is None or case.notice_id != notice.id or case.state is not CaseState.APPROVED:
        return None
    check_unasked(session, case)
    return case


def give_up(
    session: Session, case: SuspensionCase, *, reason: str, until: date | None, by: User, now: datetime
) -> None:
    """Do not suspend. A notice of the suspension is taken back, and the customer reads why.

    For non-payment nothing is proposed again before the day after `until`. Raises `ReasonMissing`, `DayNotAhead`,
    `CaseCannotMove`, `OrderIsOpen`.
    """
    check_reason(reason)
    locked_case(session, case)
    notice = case.notice if case.state is CaseState.APPROVED else None
    drop_case(session, case, reason=reason.strip(), by=by, now=now)
    if notice is not None and notice.is_in_force:
        withdraw(session, notice, reason=reason.strip(), by=by, now=now, why=Withdrawal.GIVEN_UP)
    if until is not None:
        place_hold(session, case.customer, until=until, reason=reason, by=by, now=now)


def note_seen(session: Session, notice_id: int, user_id: int, *, now: datetime) -> None:
    """Note that a person opened a notice in the portal; the first time counts."""
    statement = select(NoticeView.id).where(NoticeView.notice_id == notice_id, NoticeView.user_id == user_id)
    if session.scalars(statement).first() is None:
        session.add(NoticeView(notice_id=notice_id, user_id=user_id, at=now))
        session.flush()
