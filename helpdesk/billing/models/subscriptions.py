"""What a customer bought."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Customer
from helpdesk.billing.models.columns import Micros
from helpdesk.db import Base, closed_set, public_id
from helpdesk.limits import DATA_RETENTION_DAYS


class SubscriptionState(StrEnum):
    """Where a subscription stands; suspended means users are locked out, administrators are not."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    DELETED = "deleted"


class Subscription(Base):
    """A number of seats of one offer that a customer bought."""

    __tablename__ = "subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), index=True)
    offer_id: Mapped[str] = mapped_column(sa.String(60))
    offer_name: Mapped[str] = mapped_column(sa.String(200))
    order_id: Mapped[str] = mapped_column(sa.String(60))
    """`OrderId` of the reconciliation file: the billing platform's own identifier."""
    vnet_subscription_id: Mapped[str] = mapped_column(sa.String(60), unique=True)
    """`SubscriptionId` of the reconciliation file: what 21Vianet support asks for."""
    portal_subscription_id: Mapped[str] = mapped_column(sa.String(60), unique=True)
    """`SyndicationPartnerSubscriptionNumber`: the id that Partner Center shows."""
    seats: Mapped[int]
    unit_price: Mapped[Decimal] = mapped_column(Micros())
    """Price of one seat a month, in major units of `currency`."""
    currency: Mapped[str] = mapped_column(sa.String(3), default="CNY")
    state: Mapped[SubscriptionState] = mapped_column(closed_set(SubscriptionState), default=SubscriptionState.ACTIVE)
    term_start: Mapped[date]
    term_end: Mapped[date]
    auto_renew: Mapped[bool] = mapped_column(default=True)
    suspended_at: Mapped[datetime | None]

    customer: Mapped[Customer] = relationship()

    __table_args__ = (sa.CheckConstraint("seats >= 0", name="seats"),)

    @property
    def data_deleted_at(self) -> datetime | None:
        """When 21Vianet deletes the data of a suspended subscription; None while it is not suspended."""
        return self.suspended_at + timedelta(days=DATA_RETENTION_DAYS) if self.suspended_at else None
