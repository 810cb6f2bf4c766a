"""How notices end: settled when nothing is due any more, withdrawn when they were wrong."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.collections.models import NoticeState, SuspensionNotice
from helpdesk.collections.queries import amounts_of
from helpdesk.collections.rules.notices import NoticeStillDue, check_end


def end(
    session: Session,
    notice: SuspensionNotice,
    outcome: NoticeState,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
) -> None:
    """End a notice in force. Raises `NoticeEnded`."""
    check_end(notice.state, outcome)
    notice.state, notice.closed_at = outcome, now
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


def settle(session: Session, notice: SuspensionNotice, *, now: datetime) -> None:
    """End a notice on which nothing is due any more. Raises `NoticeEnded`, `NoticeStillDue`."""
    amounts = amounts_of(session, notice)
    if amounts.due:
        raise NoticeStillDue(amount=str(amounts.due))
    end(session, notice, NoticeState.SETTLED, by=None, now=now)


def settle_paid(session: Session, *, now: datetime, customer_id: int | None = None) -> list[SuspensionNotice]:
    """End every notice in force, of one customer or of all, whose invoices are paid; those wholly in dispute wait.

    A dispute only pauses: if it is declined, the stages go on from where they stood.
    """
    statement = (
        select(SuspensionNotice)
        .where(SuspensionNotice.state == NoticeState.IN_FORCE)
        .options(selectinload(SuspensionNotice.invoices))
        .order_by(SuspensionNotice.id)
    )
    if customer_id is not None:
        statement = statement.where(SuspensionNotice.customer_id == customer_id)
    paid = [notice for notice in session.scalars(statement) if _is_paid(session, notice)]
    for notice in paid:
        end(session, notice, NoticeState.SETTLED, by=None, now=now)
    return paid


def _is_paid(session: Session, notice: SuspensionNotice) -> bool:
    amounts = amounts_of(session, notice)
    return not amounts.due and not amounts.disputed


def withdraw(session: Session, notice: SuspensionNotice, *, reason: str, by: User, now: datetime) -> None:
    """Take a notice back that was issued in error. Raises `NoticeEnded`."""
    end(session, notice, NoticeState.WITHDRAWN, by=by, now=now, reason=reason)
