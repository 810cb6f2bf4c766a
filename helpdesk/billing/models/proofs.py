"""Proofs of payment: what a customer sends so that the reminders stop while the money is on its way."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import User
from helpdesk.billing.models.invoices import Invoice, LedgerEntry
from helpdesk.db import KEPT_FILE, Base, closed_set, public_id
from helpdesk.money import Money


class ProofState(StrEnum):
    """waiting -> accepted | declined."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class PaymentProof(Base):
    """A bank slip for one invoice; while it waits, and not longer than its hold, nothing is suspended over it."""

    __tablename__ = "payment_proof"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"), index=True)
    state: Mapped[ProofState] = mapped_column(closed_set(ProofState), default=ProofState.WAITING)
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    paid_on: Mapped[date]
    reference: Mapped[str] = mapped_column(sa.String(120), default="")
    filename: Mapped[str] = mapped_column(sa.String(200))
    content_type: Mapped[str] = mapped_column(sa.String(120))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64), info=KEPT_FILE)
    hold_until: Mapped[datetime]
    sent_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    sent_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    """Why it was declined, in words that the customer reads."""
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ledger_entry.id"))

    invoice: Mapped[Invoice] = relationship()
    sent_by: Mapped[User] = relationship(foreign_keys=[sent_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    entry: Mapped[LedgerEntry | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint("amount_minor > 0", name="amount"),
        sa.Index("ix_payment_proof_state", "state", "sent_at"),
        sa.Index(
            "uq_payment_proof_waiting",
            "invoice_id",
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
    )

    @property
    def amount(self) -> Money:
        """What the customer says was paid."""
        return Money(self.amount_minor, self.invoice.currency)

    def holds(self, now: datetime) -> bool:
        """Whether it keeps the suspension clock still."""
        return self.state is ProofState.WAITING and now < self.hold_until
