"""Recording that a subscription was suspended, and that it was reactivated."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.billing.models import Subscription, SubscriptionState
from helpdesk.billing.rules.invoices import day_in
from helpdesk.collections.models import NoticeState, SuspensionNotice
from helpdesk.collections.queries import amounts_of
from helpdesk.collections.rules.cases import state_on_record
from helpdesk.collections.rules.schedule import data_deleted_on
from helpdesk.collections.rules.suspensions import SuspensionFacts, check_reactivation, check_suspension
from helpdesk.collections.services.casebook import close_reactivated, note_suspended, open_case_of
from helpdesk.collections.services.ending import end
from helpdesk.collections.services.history import notice_in_force
from helpdesk.collections.services.mails import tell_reactivated, tell_suspended


def suspend_subscription(session: Session, notice: SuspensionNotice, *, by: User, now: datetime) -> Subscription:
    """Record that the subscription of a suspension notice was suspended at 21Vianet, and tell the customer.

    Both clocks of the notice run from this day. Raises the errors of `rules.suspensions.check_suspension`.
    """
    subscription = notice.subscription
    today = day_in(notice.customer.time_zone, now)
    facts = SuspensionFacts(
        stage=notice.stage,
        notice=notice.state,
        subscription=_on_record(session, subscription),
        access_changes_on=notice.access_changes_on,
        due=amounts_of(session, notice).due,
        today=today,
    )
    check_suspension(facts)
    subscription.state, subscription.suspended_at = SubscriptionState.SUSPENDED, now
    notice.access_changes_on, notice.data_deleted_on = today, data_deleted_on(today)
    note_suspended(session, notice, by=by, now=now)
    after = {"notice": notice.public_id, "data_deleted_on": notice.data_deleted_on.isoformat()}
    _note(session, "subscription.suspended", subscription, by=by, now=now, after=after)
    session.flush()
    tell_suspended(session, notice, now=now)
    return subscription


def reactivate_subscription(
    session: Session, subscription: Subscription, *, by: User, now: datetime, on: date | None = None
) -> Subscription:
    """Record that a suspended subscription works again since the day `on`, end its notice, and tell the customer.

    Raises `SubscriptionCannotChange`, `ReactivatedTooLate`.
    """
    notice = notice_in_force(session, subscription.id)
    today = day_in(subscription.customer.time_zone, now)
    deletion = notice.data_deleted_on if notice and subscription.state is SubscriptionState.SUSPENDED else None
    check_reactivation(_on_record(session, subscription), data_deleted_on=deletion, on=on or today)
    subscription.state, subscription.suspended_at = SubscriptionState.ACTIVE, None
    _note(session, "subscription.reactivated", subscription, by=by, now=now)
    close_reactivated(session, subscription, by=by, now=now)
    if notice is not None:
        end(session, notice, NoticeState.SETTLED, by=by, now=now)
        tell_reactivated(session, notice, now=now)
    session.flush()
    return subscription


def _on_record(session: Session, subscription: Subscription) -> SubscriptionState:
    case = open_case_of(session, subscription.id)
    return state_on_record(subscription.state, case.state if case else None)


def _note(
    session: Session,
    action: str,
    subscription: Subscription,
    *,
    by: User,
    now: datetime,
    after: dict[str, Any] | None = None,
) -> None:
    record(
        session,
        action,
        object_type="subscription",
        object_id=subscription.public_id,
        actor_id=by.id,
        now=now,
        after=after,
    )
