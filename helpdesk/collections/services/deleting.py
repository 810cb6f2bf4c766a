"""The end of the second clock: 21Vianet has deleted the data of a suspended subscription."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.billing.models import SubscriptionState
from helpdesk.billing.rules.invoices import day_in
from helpdesk.collections.models import CaseState, NoticeState, SuspensionCase
from helpdesk.collections.rules.cases import DataStillThere, NotConfirmed, check_move
from helpdesk.collections.services.case_mails import tell_case_deleted
from helpdesk.collections.services.casebook import locked_case
from helpdesk.collections.services.ending import end


def record_deletion(session: Session, case: SuspensionCase, *, seen: str, by: User, now: datetime) -> None:
    """Record that the data is gone, and what Partner Center showed; end the case and its notice, tell the customer.

    Raises `NotConfirmed`, `CaseCannotMove`, and `DataStillThere` before the day, unless it was read as deleted.
    """
    if not seen.strip():
        raise NotConfirmed
    locked_case(session, case)
    check_move(case.state, CaseState.DELETED)
    subscription, day = case.subscription, case.data_deleted_on
    is_early = day is not None and day_in(case.customer.time_zone, now) < day
    if day is not None and is_early and subscription.state is not SubscriptionState.DELETED:
        raise DataStillThere(day=day.isoformat())
    subscription.state, subscription.suspended_at = SubscriptionState.DELETED, None
    case.state, case.closed_at, case.closed_by_id = CaseState.DELETED, now, by.id
    case.closing_words = seen.strip()
    if case.notice is not None and case.notice.is_in_force:
        end(session, case.notice, NoticeState.SETTLED, by=by, now=now)
    record(
        session,
        "suspension.deleted",
        object_type="suspension_case",
        object_id=case.public_id,
        actor_id=by.id,
        now=now,
        after={"seen": case.closing_words},
    )
    session.flush()
    tell_case_deleted(session, case, now=now)
