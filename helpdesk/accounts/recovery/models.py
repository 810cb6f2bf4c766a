"""Who asked for a new password."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import User
from helpdesk.db import Base


class PasswordReset(Base):
    """One request for a new password, also for an address that nobody has: the throttle counts both alike."""

    __tablename__ = "password_reset"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_key: Mapped[str] = mapped_column(sa.String(64))
    """A digest of the address that was typed."""
    network: Mapped[str] = mapped_column(sa.String(50))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    """None where there is no such account, or it is deactivated."""
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[User | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint("used_at IS NULL OR user_id IS NOT NULL", name="used_by_somebody"),
        sa.Index("ix_password_reset_account", "account_key", "asked_at"),
        sa.Index("ix_password_reset_network", "network", "asked_at"),
    )
