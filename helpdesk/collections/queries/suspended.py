"""Suspensions that no notice led to, as the people of the customer see them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import User
from helpdesk.billing.models import SubscriptionState
from helpdesk.collections.models import CaseState, SuspensionCase, SuspensionNotice
from helpdesk.permissions import Permission

_TOLD = (CaseState.SUSPENDED, CaseState.REACTIVATED, CaseState.DELETED)
"""What was proposed or dropped is the partner's own business."""

_OVERTAKEN = SuspensionCase.suspended_at == SuspensionCase.reactivation_asked_at


def suspensions_visible_to(user: User) -> Select[SuspensionCase]:
    """Select the suspensions that `user` may see: their organisation's, once they happened."""
    statement = select(SuspensionCase).options(
        joinedload(SuspensionCase.customer),
        joinedload(SuspensionCase.subscription),
        joinedload(SuspensionCase.notice),
    )
    if not user.may(Permission.NOTICES_SEE) or user.customer_id is None:
        return statement.where(sa.false())
    return statement.where(SuspensionCase.customer_id == user.customer_id, SuspensionCase.state.in_(_TOLD))


def suspension_visible(session: Session, user: User, public_id: str) -> SuspensionCase | None:
    """One suspension."""
    return session.scalars(suspensions_visible_to(user).where(SuspensionCase.public_id == public_id)).one_or_none()


def suspended_without_notice(session: Session, user: User) -> list[SuspensionCase]:
    """What is suspended now and told by no notice, the first to be deleted first.

    For misuse, at the customer's request, or although something came first.
    """
    statement = suspensions_visible_to(user).where(
        SuspensionCase.state == CaseState.SUSPENDED,
        sa.or_(SuspensionCase.notice_id.is_(None), _OVERTAKEN),
    )
    return list(session.scalars(statement.order_by(SuspensionCase.data_deleted_on, SuspensionCase.id)))


def is_undone(session: Session, notice: SuspensionNotice) -> bool:
    """Whether the subscription of a notice is suspended although something came first, and is being reactivated."""
    if notice.subscription.state is not SubscriptionState.SUSPENDED:
        return False
    statement = select(SuspensionCase.id).where(
        SuspensionCase.notice_id == notice.id, SuspensionCase.state == CaseState.SUSPENDED, _OVERTAKEN
    )
    return session.scalars(statement).first() is not None
