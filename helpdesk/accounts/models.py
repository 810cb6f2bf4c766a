"""Customers (organisations) and people."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, closed_set, public_id
from helpdesk.permissions import CUSTOMER_ROLES, Permission, Role, may

_CUSTOMER_ROLES = ", ".join(f"'{role.value}'" for role in sorted(CUSTOMER_ROLES))


class Customer(Base):
    """An organisation (tenant) that bought subscriptions from the partner."""

    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(sa.String(200))
    tenant_id: Mapped[str] = mapped_column(sa.String(36), unique=True)
    """Microsoft ID of the customer: the tenant's GUID, which 21Vianet asks for."""
    domain: Mapped[str] = mapped_column(sa.String(255), unique=True)
    locale: Mapped[str] = mapped_column(sa.String(10), default="zh-Hans")
    time_zone: Mapped[str] = mapped_column(sa.String(60), default="Asia/Shanghai")
    currency: Mapped[str] = mapped_column(sa.String(3), default="CNY")
    created_at: Mapped[datetime]

    people: Mapped[list[User]] = relationship(back_populates="customer", order_by="User.id")


class User(Base):
    """A person who signs in: of a customer, or of the partner."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    """Lower case."""
    name: Mapped[str] = mapped_column(sa.String(120))
    role: Mapped[Role] = mapped_column(closed_set(Role))
    customer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("customer.id"), index=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    locale: Mapped[str] = mapped_column(sa.String(10), default="en")
    time_zone: Mapped[str] = mapped_column(sa.String(60), default="Asia/Shanghai")
    epoch: Mapped[int] = mapped_column(default=0)
    """Grows when the password or the role changes, which ends every session."""
    disabled_at: Mapped[datetime | None]
    mail_failing_since: Mapped[datetime | None]
    """Set when mail to this address came back."""
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]

    customer: Mapped[Customer | None] = relationship(back_populates="people")

    __table_args__ = (
        sa.CheckConstraint(f"(role IN ({_CUSTOMER_ROLES})) = (customer_id IS NOT NULL)", name="customer_by_role"),
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
    )

    # What Flask-Login asks.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether the person may sign in."""
        return self.disabled_at is None

    def get_id(self) -> str:
        """Identity of a session: it ends when the epoch grows."""
        return f"{self.id}.{self.epoch}"

    @property
    def is_reachable(self) -> bool:
        """Whether mail gets through to this person."""
        return self.is_active and self.mail_failing_since is None

    def may(self, permission: Permission) -> bool:
        """Whether this person's role is granted `permission`."""
        return may(self.role, permission)


class SignInAttempt(Base):
    """One try to sign in: what the throttle counts. Old ones are forgotten daily."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_key: Mapped[str] = mapped_column(sa.String(64))
    """A digest of the address that was typed: people type passwords into the wrong field."""
    network: Mapped[str] = mapped_column(sa.String(50))
    """The IPv4 address, or the /64 of an IPv6 one."""
    at: Mapped[datetime] = mapped_column(index=True)
    succeeded: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        sa.Index("ix_sign_in_attempt_account", "account_key", "at"),
        sa.Index("ix_sign_in_attempt_network", "network", "at"),
    )
