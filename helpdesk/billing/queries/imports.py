"""Uploaded files."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import User
from helpdesk.billing.models import BillingImport
from helpdesk.permissions import Permission


def recent_imports(session: Session, *, limit: int = 30) -> Sequence[BillingImport]:
    """The newest files, each with who uploaded it."""
    statement = select(BillingImport).options(joinedload(BillingImport.by)).order_by(BillingImport.id.desc())
    return session.scalars(statement.limit(limit)).all()


def import_visible(session: Session, user: User, public_id: str) -> BillingImport | None:
    """One file, for those who manage billing."""
    if not user.may(Permission.BILLING_MANAGE):
        return None
    statement = select(BillingImport).options(joinedload(BillingImport.by))
    return session.scalars(statement.where(BillingImport.public_id == public_id)).one_or_none()
