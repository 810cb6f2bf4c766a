"""What people decide beside the policy: holds, promises, exceptions, the draft; and who opened a notice."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Customer, User
from helpdesk.db import Base, json_column, public_id
from helpdesk.money import Money


class CollectionsHold(Base):
    """No stage begins for a customer until the day after `until`, because a lead said so."""

    __tablename__ = "collections_hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), index=True)
    until: Mapped[date]
    """The last day of the hold."""
    reason: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    customer: Mapped[Customer] = relationship()
    created_by: Mapped[User] = relationship(foreign_keys=[created_by_id])


class PaymentPromise(Base):
    """A customer said that it pays so much by a day."""

    __tablename__ = "payment_promise"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), index=True)
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3), default="CNY")
    promised_on: Mapped[date]
    said_by: Mapped[str] = mapped_column(sa.String(120), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))

    customer: Mapped[Customer] = relationship()
    created_by: Mapped[User] = relationship()

    __table_args__ = (sa.CheckConstraint("amount_minor > 0", name="amount"),)

    @property
    def amount(self) -> Money:
        """What was promised."""
        return Money(self.amount_minor, self.currency)


class PolicyException(Base):
    """More days for one customer at every stage, for invoices due until a day."""

    __tablename__ = "policy_exception"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), index=True)
    extra_days: Mapped[int]
    until: Mapped[date]
    """The last day on which it holds."""
    reason: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]

    customer: Mapped[Customer] = relationship()
    created_by: Mapped[User] = relationship()

    __table_args__ = (sa.CheckConstraint("extra_days > 0", name="extra_days"),)


class PolicyDraft(Base):
    """The next version while it is being written; there is at most one."""

    __tablename__ = "policy_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    effective_from: Mapped[date]
    days: Mapped[dict[str, int]] = mapped_column(json_column())
    """Days after the due date, by stage."""
    graces: Mapped[dict[str, int]] = mapped_column(json_column(), default=dict, server_default=sa.text("'{}'"))
    """Days of grace by stage."""
    approvals: Mapped[dict[str, str]] = mapped_column(json_column(), default=dict, server_default=sa.text("'{}'"))
    """Who approves, by stage."""
    minimum_minor: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3), default="CNY")
    texts: Mapped[dict[str, str]] = mapped_column(json_column())
    """The terms by language, with their variables."""
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))

    @property
    def minimum(self) -> Money:
        """The smallest amount that starts a stage."""
        return Money(self.minimum_minor, self.currency)


class NoticeView(Base):
    """Who opened a notice in the portal first when: the portal's side of the delivery ledger."""

    __tablename__ = "notice_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("suspension_notice.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime]

    user: Mapped[User] = relationship()

    __table_args__ = (sa.UniqueConstraint("notice_id", "user_id"),)
