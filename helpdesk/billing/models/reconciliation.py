"""21Vianet's rows, as its files say them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.billing.models.columns import Micros
from helpdesk.db import Base, json_column


class ReconciliationFile(Base):
    """A file from 21Vianet that was imported."""

    __tablename__ = "reconciliation_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(20), default="license")
    sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    row_count: Mapped[int]
    imported_at: Mapped[datetime]
    imported_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))


class ReconciliationRow(Base):
    """One charge of 21Vianet to the partner, as the file says it."""

    __tablename__ = "reconciliation_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("reconciliation_file.id"), index=True)
    line_number: Mapped[int]
    row_key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """Hash of the row's content and its occurrence: the same row is never stored twice."""
    tenant_id: Mapped[str] = mapped_column(sa.String(36), index=True)
    order_id: Mapped[str] = mapped_column(sa.String(60))
    vnet_subscription_id: Mapped[str] = mapped_column(sa.String(60), index=True)
    portal_subscription_id: Mapped[str] = mapped_column(sa.String(60))
    offer_id: Mapped[str] = mapped_column(sa.String(60))
    offer_name: Mapped[str] = mapped_column(sa.String(200))
    charge_type: Mapped[str] = mapped_column(sa.String(60))
    charge_start: Mapped[date]
    charge_end: Mapped[date]
    unit_price: Mapped[Decimal] = mapped_column(Micros())
    quantity: Mapped[int]
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    discount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    subtotal_minor: Mapped[int] = mapped_column(sa.BigInteger)
    tax_minor: Mapped[int] = mapped_column(sa.BigInteger)
    total_minor: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    raw: Mapped[dict[str, Any]] = mapped_column(json_column())
