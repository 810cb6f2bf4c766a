"""Suspension cases: from the proposal to the reactivation."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Customer, User
from helpdesk.billing.models import Subscription
from helpdesk.collections.models.notices import SuspensionNotice
from helpdesk.db import Base, closed_set, public_id


class SuspensionReason(StrEnum):
    """Why a subscription is suspended. Source: domain, duty 4."""

    NON_PAYMENT = "non_payment"
    MISUSE = "misuse"
    """Fraud or misuse, while it is looked into."""
    CUSTOMER_REQUEST = "customer_request"


class CaseState(StrEnum):
    """proposed -> approved -> suspended -> reactivated | deleted; proposed and approved -> dropped.

    dropped -> suspended: it was approved before, and was done by hand before anybody heard that it was given up.
    """

    PROPOSED = "proposed"
    APPROVED = "approved"
    SUSPENDED = "suspended"
    REACTIVATED = "reactivated"
    DELETED = "deleted"
    DROPPED = "dropped"


OPEN_CASE: Final = (CaseState.PROPOSED, CaseState.APPROVED, CaseState.SUSPENDED)


class SuspensionCase(Base):
    """One suspension from its proposal to its end: who asked, who approved, who did it, and what was seen."""

    __tablename__ = "suspension_case"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), index=True)
    subscription_id: Mapped[int] = mapped_column(sa.ForeignKey("subscription.id"), index=True)
    notice_id: Mapped[int | None] = mapped_column(sa.ForeignKey("suspension_notice.id"))
    reason: Mapped[SuspensionReason] = mapped_column(closed_set(SuspensionReason))
    state: Mapped[CaseState] = mapped_column(closed_set(CaseState), default=CaseState.PROPOSED)
    explanation: Mapped[str] = mapped_column(sa.Text, default="")
    """Why, in the words of who proposed it; for the partner's people only."""
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    """None: the daily run proposed it."""
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    suspended_at: Mapped[datetime | None]
    suspended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    suspended_proof: Mapped[str] = mapped_column(sa.Text, default="")
    """What Partner Center showed after the suspension."""
    data_deleted_on: Mapped[date | None]
    reactivation_asked_at: Mapped[datetime | None]
    reactivation_asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    closing_words: Mapped[str] = mapped_column(sa.Text, default="")
    """What Partner Center showed after the reactivation, or why the case was dropped."""

    customer: Mapped[Customer] = relationship()
    subscription: Mapped[Subscription] = relationship()
    notice: Mapped[SuspensionNotice | None] = relationship()
    proposed_by: Mapped[User | None] = relationship(foreign_keys=[proposed_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])
    suspended_by: Mapped[User | None] = relationship(foreign_keys=[suspended_by_id])
    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_id])

    __table_args__ = (
        sa.Index(
            "uq_suspension_case_open",
            "subscription_id",
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'approved', 'suspended')"),
            postgresql_where=sa.text("state IN ('proposed', 'approved', 'suspended')"),
        ),
    )

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done or watched."""
        return self.state in OPEN_CASE

    @property
    def wants_reactivation(self) -> bool:
        """Whether somebody, or the daily run, asked for the subscription to be switched on again."""
        return self.state is CaseState.SUSPENDED and self.reactivation_asked_at is not None

    @property
    def was_given_up(self) -> bool:
        """Whether it was approved and then not to be done; somebody may have done it before they heard."""
        return self.state is CaseState.DROPPED and self.approved_at is not None

    @property
    def was_overtaken(self) -> bool:
        """Whether it was undone as soon as it was seen: a payment, a dispute or a hold had come first."""
        return self.suspended_at is not None and self.suspended_at == self.reactivation_asked_at
