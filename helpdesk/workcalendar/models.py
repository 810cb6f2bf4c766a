"""What the partner chose about its working time; without a row the zone of the settings decides."""

from __future__ import annotations

from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base


class CalendarSettings(Base):
    """Opening hours, zone, and whose public holidays are kept; there is one row, or none."""

    __tablename__ = "work_calendar"

    id: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(sa.String(2))
    """ISO 3166; empty where no public holiday is kept."""
    zone: Mapped[str] = mapped_column(sa.String(60))
    opens: Mapped[time] = mapped_column(sa.Time)
    closes: Mapped[time] = mapped_column(sa.Time)
    updated_at: Mapped[datetime]

    __table_args__ = (
        sa.CheckConstraint("id = 1", name="one_calendar"),
        sa.CheckConstraint("opens < closes", name="opens_before_closing"),
    )


class CalendarOverride(Base):
    """A day on which we rest or work, whatever the country's calendar says."""

    __tablename__ = "work_calendar_override"

    day: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    works: Mapped[bool]
    note: Mapped[str] = mapped_column(sa.String(100), default="")


class ConfirmedYear(Base):
    """A year whose holidays an administrator compared with what the country announced."""

    __tablename__ = "work_calendar_confirmed_year"

    country: Mapped[str] = mapped_column(sa.String(2), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    confirmed_at: Mapped[datetime]
