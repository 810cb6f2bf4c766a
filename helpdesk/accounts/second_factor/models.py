"""What is kept of a person's second factor."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base


class SecondFactor(Base):
    """One person's authenticator app; it counts once a code was given, a new one replaces it when that was."""

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    sealed_secret: Mapped[str | None] = mapped_column(sa.String(400))
    """What the app knows too, sealed by the installation's key."""
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The 30 seconds whose code was used last: neither it nor an earlier one is taken again."""
    pending_secret: Mapped[str | None] = mapped_column(sa.String(400))
    """Shown on the set-up page, not yet confirmed by a code."""

    __table_args__ = (
        sa.CheckConstraint("(confirmed_at IS NULL) = (sealed_secret IS NULL)", name="confirmed_with_secret"),
    )

    @property
    def is_on(self) -> bool:
        """Whether a code is asked at sign-in."""
        return self.confirmed_at is not None


class RecoveryCode(Base):
    """A code on paper that works once, instead of the app."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    used_at: Mapped[datetime | None]

    __table_args__ = (sa.UniqueConstraint("user_id", "code_hash"),)
