"""Keeping the case of a suspension in step with the subscription, whoever changed it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.billing.models import Subscription
from helpdesk.collections.models import OPEN_CASE, CaseState, SuspensionCase, SuspensionNotice, SuspensionReason
from helpdesk.db import locked


def open_case_of(session: Session, subscription_id: int) -> SuspensionCase | None:
    """The one open case about a subscription."""
    statement = select(SuspensionCase).where(
        SuspensionCase.subscription_id == subscription_id, SuspensionCase.state.in_(OPEN_CASE)
    )
    return session.scalars(statement).one_or_none()


def locked_case(session: Session, case: SuspensionCase) -> SuspensionCase:
    """The case as it is now; nobody else moves it, or what it is about, before this transaction ends.

    Always in this order, so that two never wait for each other: case, subscription, notice.
    """
    locked(session, case)
    locked(session, case.subscription)
    if case.notice is not None:
        locked(session, case.notice)
    return case


def lock_open_cases(session: Session) -> None:
    """Let nobody move a case until this transaction ends: before whatever touches many notices and then their cases."""
    statement = select(SuspensionCase.id).where(SuspensionCase.state.in_(OPEN_CASE)).order_by(SuspensionCase.id)
    session.execute(statement.with_for_update(key_share=True))


def note_suspended(session: Session, notice: SuspensionNotice, *, by: User, now: datetime) -> SuspensionCase:
    """The subscription of a notice was suspended: its case says so; one that nobody opened is opened."""
    case = open_case_of(session, notice.subscription_id)
    if case is None:
        case = SuspensionCase(
            customer_id=notice.customer_id,
            subscription_id=notice.subscription_id,
            reason=SuspensionReason.NON_PAYMENT,
            proposed_at=notice.issued_at,
            approved_at=notice.issued_at,
            approved_by_id=by.id,
        )
        session.add(case)
    case.notice_id = notice.id
    case.state, case.suspended_at, case.suspended_by_id = CaseState.SUSPENDED, now, by.id
    case.data_deleted_on = notice.data_deleted_on
    return case


def close_reactivated(session: Session, subscription: Subscription, *, by: User, now: datetime) -> None:
    """The subscription works again: its case is closed."""
    case = open_case_of(session, subscription.id)
    if case is not None and case.state is CaseState.SUSPENDED:
        case.state, case.closed_at, case.closed_by_id = CaseState.REACTIVATED, now, by.id
