"""Where a person is signed in."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, public_id


class UserSession(Base):
    """One device on which a person is signed in. Deleting the row ends the session at once."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """Digest of the random value that only the device's cookie holds."""
    epoch: Mapped[int]
    """The person's epoch at sign-in; the session ends when the person's grows."""
    device: Mapped[str] = mapped_column(sa.String(300))
    """What the browser calls itself."""
    network: Mapped[str] = mapped_column(sa.String(50))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    is_two_step: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Whether a second step was part of the sign-in; without it, a person who has one is only half way in."""
    confirmed_at: Mapped[datetime]
    """When the person last proved who they are on this device."""
