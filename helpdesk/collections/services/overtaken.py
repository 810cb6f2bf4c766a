"""A suspension that happened although its reason had gone: recorded as it is, told, and undone at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.billing.models import SubscriptionState
from helpdesk.billing.rules.invoices import day_in
from helpdesk.collections.models import CaseState, SuspensionCase
from helpdesk.collections.rules.cases import (
    CaseIsOpen,
    NotConfirmed,
    NotDueForSuspension,
    check_allowed,
    check_move,
    state_on_record,
)
from helpdesk.collections.rules.notices import NothingOverdue, NoticeEnded
from helpdesk.collections.rules.schedule import WorkDays, data_deleted_on
from helpdesk.collections.rules.suspensions import check_state
from helpdesk.collections.services.case_mails import tell_case_overtaken
from helpdesk.collections.services.casebook import locked_case, open_case_of
from helpdesk.collections.services.cases import confirm_suspension
from helpdesk.collections.services.desk_mails import ask_to_undo


def record_suspended(
    session: Session, case: SuspensionCase, *, seen: str, by: User, now: datetime, calendar: WorkDays | None = None
) -> None:
    """Record a suspension that was seen in Partner Center: it is so, even where its reason had gone before.

    Then `case.was_overtaken`. Raises the errors of `record_overtaken`.
    """
    if locked_case(session, case).state is CaseState.DROPPED:
        record_overtaken(session, case, seen=seen, by=by, now=now)
        return
    try:
        with session.begin_nested():
            confirm_suspension(session, case, seen=seen, by=by, now=now, calendar=calendar)
    except (NotDueForSuspension, NothingOverdue, NoticeEnded):
        record_overtaken(session, case, seen=seen, by=by, now=now)


def record_overtaken(session: Session, case: SuspensionCase, *, seen: str, by: User, now: datetime) -> None:
    """Record that an approved suspension is done though a payment, a dispute or a hold came first; ask to undo it.

    The deletion clock runs all the same, so it is recorded too. A case that was given up meanwhile opens again.
    Raises `NotConfirmed`, `CaseCannotMove`, `CaseIsOpen`, `SubscriptionCannotChange`.
    """
    if not seen.strip():
        raise NotConfirmed
    locked_case(session, case)
    check_move(case.state, CaseState.SUSPENDED)
    check_allowed(case.approved_at)
    if open_case_of(session, case.subscription_id) not in {None, case}:
        raise CaseIsOpen
    check_state(state_on_record(case.subscription.state, case.state), SubscriptionState.SUSPENDED)
    today = day_in(case.customer.time_zone, now)
    case.subscription.state, case.subscription.suspended_at = SubscriptionState.SUSPENDED, now
    case.state, case.suspended_at, case.suspended_by_id = CaseState.SUSPENDED, now, by.id
    case.suspended_proof, case.data_deleted_on = seen.strip(), data_deleted_on(today)
    case.reactivation_asked_at = now
    case.closed_at, case.closed_by_id, case.closing_words = None, None, ""
    if case.notice is not None and case.notice.is_in_force:
        case.notice.access_changes_on, case.notice.data_deleted_on = today, case.data_deleted_on
    after = {"seen": case.suspended_proof, "data_deleted_on": case.data_deleted_on.isoformat()}
    record(
        session,
        "suspension.overtaken",
        object_type="suspension_case",
        object_id=case.public_id,
        actor_id=by.id,
        now=now,
        after=after,
    )
    session.flush()
    tell_case_overtaken(session, case, now=now)
    ask_to_undo(session, case, now=now)
