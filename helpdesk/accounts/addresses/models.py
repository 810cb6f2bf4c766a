"""Addresses that wait to be confirmed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base


class EmailChange(Base):
    """A person asked for another address; until it is confirmed the old one holds."""

    __tablename__ = "email_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """Digest of the value that only the mail to the new address holds."""
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    """When it was confirmed, withdrawn, or overtaken by another wish."""

    __table_args__ = (sa.CheckConstraint("email = lower(email)", name="email_lower"),)
