"""Orders to Partner Center: an approved suspension, or a reactivation, that the client carries out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import User
from helpdesk.collections.models.cases import SuspensionCase
from helpdesk.db import Base, closed_set, json_column


class OrderGoal(StrEnum):
    """What the subscription shall be, in the words of Partner Center."""

    SUSPENDED = "suspended"
    ACTIVE = "active"


class OrderState(StrEnum):
    """waiting -> done (seen in Partner Center) | failed (somebody must look) | cancelled (overtaken)."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class PartnerCenterOrder(Base):
    """One change of one subscription; its request id is the same at every try."""

    __tablename__ = "partner_center_order"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("suspension_case.id"), index=True)
    goal: Mapped[OrderGoal] = mapped_column(closed_set(OrderGoal))
    state: Mapped[OrderState] = mapped_column(closed_set(OrderState), default=OrderState.WAITING)
    request_id: Mapped[str] = mapped_column(sa.String(36), unique=True)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(sa.String(60), default="")
    """Which refusal came last, by name."""
    values: Mapped[dict[str, Any]] = mapped_column(json_column(), default=dict)
    """What fills the sentence of the refusal."""

    case: Mapped[SuspensionCase] = relationship()
    asked_by: Mapped[User] = relationship()

    __table_args__ = (
        sa.Index(
            "uq_partner_center_order_waiting",
            "case_id",
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
        sa.Index("ix_partner_center_order_due", "state", "next_try_at"),
    )
