"""21Vianet's rows, as its files say them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.billing.models.columns import ExactDecimal, Micros
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
    completed_at: Mapped[datetime | None]
    """Set with the last row; the rows of a file without it do not count yet."""
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    billed_on: Mapped[date]
    """The billing date of 21Vianet, from which the partner's net 30 days run."""
    paid_on: Mapped[date | None]
    """When the partner paid 21Vianet."""
    vnet_invoice_id: Mapped[int | None] = mapped_column(sa.ForeignKey("vnet_invoice.id"), index=True)
    """The invoice whose charges it explains, where that is known."""
    names_invoice: Mapped[str | None] = mapped_column(sa.String(40))
    """The number of the invoice that its rows name, empty where they name none; None until somebody looked."""


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
    identity: Mapped[int] = mapped_column(sa.BigInteger, index=True)
    """What is charged for which days, as a number: a corrected file says the same charge with other amounts."""
    consumed: Mapped[Decimal | None] = mapped_column(ExactDecimal())
    included: Mapped[Decimal | None] = mapped_column(ExactDecimal())
    """Metered quantities of the usage-based file."""
    replaced_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reconciliation_file.id"))
    """The corrected file that took this row's place; it counts no more."""
    raw: Mapped[dict[str, Any]] = mapped_column(json_column())
    """The cells that have no column of their own."""

    @property
    def overage(self) -> Decimal | None:
        """What was used beyond what is included; None in the license-based file."""
        if self.consumed is None or self.included is None:
            return None
        return self.consumed - self.included
