"""Suspensions that no notice led to, as the people of the customer see them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import User
from helpdesk.collections.models import CaseState, SuspensionCase
from helpdesk.permissions import Permission

_TOLD = (CaseState.SUSPENDED, CaseState.REACTIVATED, CaseState.DELETED)
"""What was proposed or dropped is the partner's own business."""


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


def suspended_for_other_reasons(session: Session, user: User) -> list[SuspensionCase]:
    """What is suspended now for misuse or at the customer's request, the first to be deleted first."""
    statement = suspensions_visible_to(user).where(
        SuspensionCase.state == CaseState.SUSPENDED, SuspensionCase.notice_id.is_(None)
    )
    return list(session.scalars(statement.order_by(SuspensionCase.data_deleted_on, SuspensionCase.id)))
