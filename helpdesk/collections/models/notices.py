"""The collections policy in versions, its acceptance, and suspension notices."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Customer, User
from helpdesk.billing.models import Invoice, Subscription
from helpdesk.db import Base, closed_set, public_id
from helpdesk.money import Money


class StageKind(StrEnum):
    """The steps of the policy, in order."""

    REMINDER = "reminder"
    SECOND_REMINDER = "second_reminder"
    FINAL_NOTICE = "final_notice"
    SUSPENSION = "suspension"
    DELETION = "deletion"


class Approval(StrEnum):
    """Who lets a stage happen once it is due."""

    ENGINE = "engine"
    """Nobody: it happens by itself."""
    AGENT = "agent"
    LEAD = "lead"
    ADMINISTRATOR = "administrator"


class NoticeState(StrEnum):
    """in_force -> settled (paid or no longer due) | withdrawn (issued in error) | superseded (a later stage)."""

    IN_FORCE = "in_force"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class Withdrawal(StrEnum):
    """Why a notice was taken back."""

    IN_ERROR = "in_error"
    CORRECTED = "corrected"
    """The same stage was given anew with what is right."""
    GIVEN_UP = "given_up"
    """The suspension that it announced does not happen now."""


class CollectionsPolicy(Base):
    """One version of the policy; once published it never changes."""

    __tablename__ = "collections_policy"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(unique=True)
    effective_from: Mapped[date]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    minimum_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    """Overdue and undisputed amounts below this start no stage."""
    currency: Mapped[str] = mapped_column(sa.String(3), default="CNY")

    stages: Mapped[list[PolicyStage]] = relationship(back_populates="policy", order_by="PolicyStage.day_offset")
    texts: Mapped[list[PolicyText]] = relationship(back_populates="policy", order_by="PolicyText.id")

    def day_of(self, kind: StageKind) -> int:
        """Days after the due date on which a stage comes."""
        return self.stage(kind).day_offset

    def stage(self, kind: StageKind) -> PolicyStage:
        """One stage; a published policy has them all."""
        return next(stage for stage in self.stages if stage.kind is kind)

    def text_in(self, locale: str) -> PolicyText:
        """The text in a language, else in English; its own `locale` says which it is."""
        by_locale = {text.locale: text for text in self.texts}
        return by_locale.get(locale) or by_locale["en"]

    @property
    def offsets(self) -> dict[StageKind, int]:
        """Days after the due date of every stage, its grace added."""
        days = {stage.kind: stage.day_offset + stage.grace_days for stage in self.stages}
        if StageKind.DELETION in days:
            days[StageKind.DELETION] += self.stage(StageKind.SUSPENSION).grace_days
        return days

    @property
    def approvals(self) -> dict[StageKind, Approval]:
        """Who approves each stage."""
        return {stage.kind: stage.approval for stage in self.stages}

    @property
    def minimum(self) -> Money:
        """The smallest amount that starts a stage."""
        return Money(self.minimum_minor, self.currency)


class PolicyStage(Base):
    """What happens so many days after the due date."""

    __tablename__ = "policy_stage"

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = mapped_column(sa.ForeignKey("collections_policy.id"))
    kind: Mapped[StageKind] = mapped_column(closed_set(StageKind))
    day_offset: Mapped[int]
    """Days after the due date; of the deletion, days after the due date if suspended on its day."""
    grace_days: Mapped[int] = mapped_column(default=0, server_default="0")
    """So many days more are granted silently; no customer is told to count on them."""
    clause: Mapped[str] = mapped_column(sa.String(20))
    """Number of the clause in the text, e.g. `3.2`."""
    approval: Mapped[Approval] = mapped_column(
        closed_set(Approval), default=Approval.ENGINE, server_default=Approval.ENGINE.value
    )
    """Who approves it."""

    policy: Mapped[CollectionsPolicy] = relationship(back_populates="stages")

    __table_args__ = (
        sa.UniqueConstraint("policy_id", "kind"),
        sa.CheckConstraint("grace_days >= 0", name="grace_days"),
        sa.CheckConstraint("kind <> 'suspension' OR approval IN ('lead', 'administrator')", name="suspension_approved"),
    )


class PolicyText(Base):
    """The terms in one language, Markdown; clauses are headings that begin with their number."""

    __tablename__ = "policy_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = mapped_column(sa.ForeignKey("collections_policy.id"))
    locale: Mapped[str] = mapped_column(sa.String(10))
    body: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.String(64))

    policy: Mapped[CollectionsPolicy] = relationship(back_populates="texts")

    __table_args__ = (sa.UniqueConstraint("policy_id", "locale"),)


class PolicyAcceptance(Base):
    """Who accepted which text, for which customer, when."""

    __tablename__ = "policy_acceptance"

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = mapped_column(sa.ForeignKey("collections_policy.id"))
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    locale: Mapped[str] = mapped_column(sa.String(10))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]

    user: Mapped[User] = relationship()
    policy: Mapped[CollectionsPolicy] = relationship()

    __table_args__ = (sa.UniqueConstraint("policy_id", "customer_id"),)


class SuspensionNotice(Base):
    """What a customer was told about one subscription at one stage of the policy."""

    __tablename__ = "suspension_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), index=True)
    subscription_id: Mapped[int] = mapped_column(sa.ForeignKey("subscription.id"), index=True)
    policy_id: Mapped[int] = mapped_column(sa.ForeignKey("collections_policy.id"))
    stage: Mapped[StageKind] = mapped_column(closed_set(StageKind))
    clause: Mapped[str] = mapped_column(sa.String(20))
    state: Mapped[NoticeState] = mapped_column(closed_set(NoticeState), default=NoticeState.IN_FORCE)
    issued_at: Mapped[datetime]
    access_changes_on: Mapped[date]
    """First clock: from this day the customer's users cannot sign in."""
    data_deleted_on: Mapped[date]
    """Second clock: unless reactivated before, 21Vianet deletes all data."""
    currency: Mapped[str] = mapped_column(sa.String(3))
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    """Who let it go out, where the policy asks for that."""
    closed_at: Mapped[datetime | None]
    """When it was settled, withdrawn or superseded."""
    withdrawal: Mapped[Withdrawal | None] = mapped_column(closed_set(Withdrawal))
    closing_words: Mapped[str] = mapped_column(sa.Text, default="", server_default=sa.text("''"))
    """Why it was withdrawn, as the customer reads it."""
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    customer: Mapped[Customer] = relationship()
    subscription: Mapped[Subscription] = relationship()
    policy: Mapped[CollectionsPolicy] = relationship()
    acknowledged_by: Mapped[User | None] = relationship(foreign_keys=[acknowledged_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])
    invoices: Mapped[list[NoticeInvoice]] = relationship(back_populates="notice", order_by="NoticeInvoice.id")

    __table_args__ = (
        sa.CheckConstraint("data_deleted_on > access_changes_on", name="clocks"),
        sa.Index(
            "uq_suspension_notice_in_force",
            "subscription_id",
            unique=True,
            sqlite_where=sa.text("state = 'in_force'"),
            postgresql_where=sa.text("state = 'in_force'"),
        ),
    )

    @property
    def is_in_force(self) -> bool:
        """Whether it still counts."""
        return self.state is NoticeState.IN_FORCE

    @property
    def invoice_ids(self) -> frozenset[int]:
        """The invoices that it is about."""
        return frozenset(part.invoice_id for part in self.invoices)

    @property
    def amount_stated(self) -> Money:
        """The amount that the notice stated when it was issued."""
        return Money(sum(part.amount_minor for part in self.invoices), self.currency)


class NoticeInvoice(Base):
    """An invoice that a notice is about, with the amount that was overdue and undisputed then."""

    __tablename__ = "notice_invoice"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("suspension_notice.id"), index=True)
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"), index=True)
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)

    notice: Mapped[SuspensionNotice] = relationship(back_populates="invoices")
    invoice: Mapped[Invoice] = relationship()

    @property
    def amount(self) -> Money:
        """What was overdue and undisputed on it when the notice was issued."""
        return Money(self.amount_minor, self.notice.currency)
