"""The partner's price rules."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.billing.models.columns import Micros
from helpdesk.db import Base


class MarkupRule(Base):
    """By how many percent an offer costs the customer more than the partner; an empty offer is all others."""

    __tablename__ = "markup_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[str] = mapped_column(sa.String(60), unique=True)
    percent: Mapped[Decimal] = mapped_column(Micros())
    changed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]

    __table_args__ = (sa.CheckConstraint("percent >= -100000000 AND percent <= 1000000000", name="percent"),)
