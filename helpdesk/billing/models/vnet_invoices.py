"""What 21Vianet bills the partner, as Partner Center says it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.billing.models.columns import ExactDecimal
from helpdesk.db import Base
from helpdesk.money import Money


class VnetInvoice(Base):
    """One invoice, credit or void note. Partner Center does not say whether it is paid; `paid_on` is our own note."""

    __tablename__ = "vnet_invoice"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    billed_on: Mapped[date]
    """The billing date, from which the partner's net 30 days run."""
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]
    currency: Mapped[str] = mapped_column(sa.String(3))
    total_minor: Mapped[int] = mapped_column(sa.BigInteger)
    paid_raw: Mapped[Decimal] = mapped_column(ExactDecimal())
    """`paidAmount` as it was received: its sign is not told apart in the documentation, so nothing is made of it."""
    document_type: Mapped[str] = mapped_column(sa.String(40))
    amends: Mapped[str] = mapped_column(sa.String(40), default="")
    """Number of the invoice that this one corrects."""
    read_at: Mapped[datetime]
    """When it was first read, or read to say something else."""
    paid_on: Mapped[date | None]

    @property
    def total(self) -> Money:
        """What 21Vianet bills."""
        return Money(self.total_minor, self.currency)
