"""Who was asked to come in."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Customer, User
from helpdesk.db import Base, closed_set, public_id
from helpdesk.permissions import CUSTOMER_ROLES, Role

_CUSTOMER_ROLES = ", ".join(f"'{role.value}'" for role in sorted(CUSTOMER_ROLES))


class Invitation(Base):
    """An address that was invited. It waits until it is accepted, withdrawn, or its time is over."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    email: Mapped[str] = mapped_column(sa.String(254))
    role: Mapped[Role] = mapped_column(closed_set(Role))
    customer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("customer.id"), index=True)
    locale: Mapped[str] = mapped_column(sa.String(10))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """Digest of the value that only the mail holds."""
    invited_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    """Who sent it last."""
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime]
    sends: Mapped[int] = mapped_column(default=1)
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    """The account that came of it."""

    customer: Mapped[Customer | None] = relationship()
    invited_by: Mapped[User] = relationship(foreign_keys=[invited_by_id])

    __table_args__ = (
        sa.CheckConstraint(f"(role IN ({_CUSTOMER_ROLES})) = (customer_id IS NOT NULL)", name="customer_by_role"),
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
        sa.CheckConstraint("(accepted_at IS NULL) = (user_id IS NULL)", name="accepted_by_somebody"),
        sa.CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name="accepted_or_withdrawn"),
        sa.Index("ix_invitation_email", "email"),
    )
