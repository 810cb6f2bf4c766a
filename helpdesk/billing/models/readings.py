"""How reading Partner Center stands: one row, which also lets one worker at a time do it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, json_column

READING_ID = 1


class PartnerCenterReading(Base):
    """The last reading of Partner Center, what came of it, and when the next one is."""

    __tablename__ = "partner_center_reading"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next_at: Mapped[datetime]
    worker: Mapped[str] = mapped_column(sa.String(80), default="")
    """Who reads now; empty between two readings."""
    began_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    """The last sign of life of who reads now."""
    ended_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    """When one last came to its end without a failure."""
    figures: Mapped[dict[str, int]] = mapped_column(json_column(), default=dict)
    """What that one read, and what of it was new."""
    failures: Mapped[int] = mapped_column(default=0)
    """So many failed since then."""
    problem: Mapped[dict[str, Any] | None] = mapped_column(json_column())
    """Why the last one failed: `sentence` and `values`."""

    __table_args__ = (sa.CheckConstraint(f"id = {READING_ID}", name="one"),)
