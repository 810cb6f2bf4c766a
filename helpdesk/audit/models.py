"""The audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.append_only import append_only
from helpdesk.db import Base, json_column


class AuditEntry(Base):
    """One deed: who, what, to which object, before and after. Never changed, never deleted."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    action: Mapped[str] = mapped_column(sa.String(60), index=True)
    object_type: Mapped[str] = mapped_column(sa.String(40))
    object_id: Mapped[str] = mapped_column(sa.String(60))
    before: Mapped[dict[str, Any] | None] = mapped_column(json_column())
    after: Mapped[dict[str, Any] | None] = mapped_column(json_column())
    address: Mapped[str | None] = mapped_column(sa.String(45))
    request_id: Mapped[str | None] = mapped_column(sa.String(40))

    __table_args__ = (sa.Index("ix_audit_entry_object", "object_type", "object_id"),)


append_only(AuditEntry)
