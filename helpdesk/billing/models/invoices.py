"""Invoices with their lines, the ledger and disputes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Customer, User
from helpdesk.append_only import append_only
from helpdesk.billing.models.charge_types import ChargeType
from helpdesk.billing.models.columns import ExactDecimal, Micros
from helpdesk.billing.models.reconciliation import ReconciliationRow
from helpdesk.billing.models.subscriptions import Subscription
from helpdesk.db import Base, closed_set, public_id
from helpdesk.money import Money


class InvoiceStatus(StrEnum):
    """What the partner did with the invoice; paid and overdue are derived from ledger and dates."""

    DRAFT = "draft"
    ISSUED = "issued"
    VOID = "void"


class LedgerKind(StrEnum):
    """Kinds of entry that lower what is owed."""

    PAYMENT = "payment"
    CREDIT = "credit"


class DisputeState(StrEnum):
    """open -> withdrawn | granted | declined."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    GRANTED = "granted"
    DECLINED = "declined"


class Invoice(Base):
    """What the partner billed to one customer for one period."""

    __tablename__ = "invoice"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    status: Mapped[InvoiceStatus] = mapped_column(closed_set(InvoiceStatus), default=InvoiceStatus.DRAFT)
    issued_on: Mapped[date]
    due_on: Mapped[date]
    period_start: Mapped[date]
    period_end: Mapped[date]
    currency: Mapped[str] = mapped_column(sa.String(3), default="CNY")
    created_at: Mapped[datetime]

    customer: Mapped[Customer] = relationship()
    lines: Mapped[list[InvoiceLine]] = relationship(
        back_populates="invoice", order_by="[InvoiceLine.position, InvoiceLine.id]"
    )
    ledger: Mapped[list[LedgerEntry]] = relationship(back_populates="invoice", order_by="LedgerEntry.id")

    __table_args__ = (sa.Index("ix_invoice_customer", "customer_id", "issued_on"),)


class InvoiceLine(Base):
    """One charge on an invoice."""

    __tablename__ = "invoice_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"))
    position: Mapped[int]
    subscription_id: Mapped[int | None] = mapped_column(sa.ForeignKey("subscription.id"), index=True)
    reconciliation_row_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reconciliation_row.id"), index=True)
    charge_type: Mapped[ChargeType] = mapped_column(closed_set(ChargeType))
    description: Mapped[str] = mapped_column(sa.String(200))
    charge_start: Mapped[date]
    charge_end: Mapped[date]
    quantity: Mapped[int]
    used: Mapped[Decimal | None] = mapped_column(ExactDecimal())
    """Metered quantity of a usage line; its seats are 0."""
    charges: Mapped[int] = mapped_column(default=1, server_default="1")
    """So many charges of 21Vianet are gathered in it; more than one: they are `InvoiceLineCharge`, this the first."""
    unit_price: Mapped[Decimal] = mapped_column(Micros())
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    discount_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    tax_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    total_minor: Mapped[int] = mapped_column(sa.BigInteger)
    reckoned_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    """Its amount as its charges give it when each is worked out and rounded by itself; None where that cannot be."""

    invoice: Mapped[Invoice] = relationship(back_populates="lines")
    subscription: Mapped[Subscription | None] = relationship()
    reconciliation_row: Mapped[ReconciliationRow | None] = relationship()
    gathered: Mapped[list[InvoiceLineCharge]] = relationship(back_populates="line", order_by="InvoiceLineCharge.row_id")
    disputes: Mapped[list[Dispute]] = relationship(back_populates="line", order_by="Dispute.id")

    __table_args__ = (sa.Index("ix_invoice_line_page", "invoice_id", "subscription_id", "position", "total_minor"),)
    """Pages, subtotals and the total of an invoice are read from it alone."""

    @property
    def total(self) -> Money:
        """What the line costs, tax included."""
        return Money(self.total_minor, self.invoice.currency)

    @property
    def open_dispute(self) -> Dispute | None:
        """The dispute that is open on this line, if one is."""
        return next((dispute for dispute in self.disputes if dispute.state is DisputeState.OPEN), None)


class InvoiceLineCharge(Base):
    """One of the charges that a line of metered usage gathers, with what of the line's total it is."""

    __tablename__ = "invoice_line_charge"

    line_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice_line.id"), primary_key=True)
    row_id: Mapped[int] = mapped_column(sa.ForeignKey("reconciliation_row.id"), primary_key=True, index=True)
    total_minor: Mapped[int] = mapped_column(sa.BigInteger)
    """Under the partner's price rules, tax included."""

    line: Mapped[InvoiceLine] = relationship(back_populates="gathered")
    row: Mapped[ReconciliationRow] = relationship()

    @property
    def total(self) -> Money:
        """What it costs, tax included."""
        return Money(self.total_minor, self.row.currency)


class LedgerEntry(Base):
    """A payment or a credit; append-only, so that the balance is derived and never stored."""

    __tablename__ = "ledger_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"), index=True)
    kind: Mapped[LedgerKind] = mapped_column(closed_set(LedgerKind))
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    """Positive lowers what is owed; a correction is a negative entry."""
    on: Mapped[date] = mapped_column("on_date")
    reference: Mapped[str] = mapped_column(sa.String(120), default="")
    dispute_id: Mapped[int | None] = mapped_column(sa.ForeignKey("dispute.id"))
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

    invoice: Mapped[Invoice] = relationship(back_populates="ledger")

    __table_args__ = (sa.CheckConstraint("amount_minor <> 0", name="amount"),)

    @property
    def amount(self) -> Money:
        """What was paid or credited; negative where it takes an earlier entry back."""
        return Money(self.amount_minor, self.invoice.currency)


append_only(LedgerEntry)


class Dispute(Base):
    """A customer's objection to a line, or to part of it. While open, the amount is not overdue."""

    __tablename__ = "dispute"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    line_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice_line.id"), index=True)
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    state: Mapped[DisputeState] = mapped_column(closed_set(DisputeState), default=DisputeState.OPEN)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    opened_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    line: Mapped[InvoiceLine] = relationship(back_populates="disputes")
    opened_by: Mapped[User] = relationship(foreign_keys=[opened_by_id])

    __table_args__ = (
        sa.CheckConstraint("amount_minor > 0", name="amount"),
        sa.Index(
            "uq_dispute_open_line",
            "line_id",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
    )

    @property
    def amount(self) -> Money:
        """What is disputed."""
        return Money(self.amount_minor, self.line.invoice.currency)
