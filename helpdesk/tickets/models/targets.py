"""How soon we answer, as leads chose it by topic and priority."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, closed_set
from helpdesk.tickets.models.ticket import Priority


class AnswerTarget(Base):
    """Working hours of one priority, for one topic or (empty) for every topic without its own."""

    __tablename__ = "answer_target"

    topic: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    priority: Mapped[Priority] = mapped_column(closed_set(Priority), primary_key=True)
    first_hours: Mapped[int]
    next_hours: Mapped[int]
    resolution_hours: Mapped[int]

    __table_args__ = (
        sa.CheckConstraint("first_hours > 0 AND next_hours > 0 AND resolution_hours > 0", name="hours_above_zero"),
    )
