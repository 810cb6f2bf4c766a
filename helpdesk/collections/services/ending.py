"""How notices end: settled when nothing is due any more, superseded by the next, withdrawn when they were wrong."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.billing.models import Subscription, SubscriptionState
from helpdesk.collections.models import NoticeState, SuspensionNotice, Withdrawal
from helpdesk.collections.queries import amounts_for, amounts_of
from helpdesk.collections.rules.notices import NoticeEnded, NoticeStillDue, SuspensionStands, check_end
from helpdesk.collections.services.mails import tell_settled, tell_withdrawn


def end(
    session: Session,
    notice: SuspensionNotice,
    outcome: NoticeState,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
) -> None:
    """End a notice in force; of two at once, one does it. Raises `NoticeEnded`."""
    check_end(notice.state, outcome)
    _claim_end(session, notice, outcome, now=now)
    record(
        session,
        f"notice.{outcome.value}",
        object_type="notice",
        object_id=notice.public_id,
        actor_id=by.id if by else None,
        now=now,
        after={"reason": reason} if reason else None,
    )
    session.flush()


def _claim_end(session: Session, notice: SuspensionNotice, outcome: NoticeState, *, now: datetime) -> None:
    """Change the state only where it still is in force: another worker may have read the same row."""
    statement = (
        update(SuspensionNotice)
        .where(SuspensionNotice.id == notice.id, SuspensionNotice.state == NoticeState.IN_FORCE)
        .values(state=outcome, closed_at=now)
        .returning(SuspensionNotice.id)
    )
    session.flush()
    ended = session.scalars(statement).all()
    session.refresh(notice, ["state", "closed_at"])
    if not ended:
        raise NoticeEnded


def settle(session: Session, notice: SuspensionNotice, *, now: datetime) -> None:
    """End a notice on which nothing is due any more, and tell the customer.

    Raises `NoticeEnded`, `NoticeStillDue`, and `SuspensionStands` until the subscription is reactivated.
    """
    amounts = amounts_of(session, notice)
    if amounts.due:
        raise NoticeStillDue(amount=str(amounts.due))
    if notice.subscription.state is SubscriptionState.SUSPENDED:
        raise SuspensionStands
    _settled(session, notice, now=now)


def settle_paid(session: Session, *, now: datetime, customer_id: int | None = None) -> list[SuspensionNotice]:
    """End every notice in force, of one customer or of all, whose invoices are paid; a constant number of reads.

    A dispute only pauses: if it is declined, the stages go on from where they stood. The notice of a suspended
    subscription stands until the subscription is reactivated.
    """
    statement = (
        select(SuspensionNotice)
        .join(SuspensionNotice.subscription)
        .where(SuspensionNotice.state == NoticeState.IN_FORCE, Subscription.state != SubscriptionState.SUSPENDED)
        .options(
            joinedload(SuspensionNotice.subscription),
            joinedload(SuspensionNotice.customer),
            joinedload(SuspensionNotice.policy),
            selectinload(SuspensionNotice.invoices),
        )
        .order_by(SuspensionNotice.id)
    )
    if customer_id is not None:
        statement = statement.where(SuspensionNotice.customer_id == customer_id)
    found = session.scalars(statement).all()
    paid = [notice for notice, amounts in amounts_for(session, found) if amounts.is_paid]
    return [notice for notice in paid if _settled_first(session, notice, now=now)]


def _settled_first(session: Session, notice: SuspensionNotice, *, now: datetime) -> bool:
    """Whether we settled it, and not another worker at the same moment."""
    try:
        _settled(session, notice, now=now)
    except NoticeEnded:
        return False
    return True


def _settled(session: Session, notice: SuspensionNotice, *, now: datetime) -> None:
    end(session, notice, NoticeState.SETTLED, by=None, now=now)
    tell_settled(session, notice, now=now)


def withdraw(
    session: Session,
    notice: SuspensionNotice,
    *,
    reason: str,
    by: User,
    now: datetime,
    why: Withdrawal = Withdrawal.IN_ERROR,
) -> None:
    """Take a notice back, and tell the customer why: `reason` in the words of who does it. Raises `NoticeEnded`."""
    end(session, notice, NoticeState.WITHDRAWN, by=by, now=now, reason=reason)
    notice.withdrawal, notice.closing_words = why, reason
    session.flush()
    tell_withdrawn(session, notice, reason=reason, now=now)
