"""The case itself: the gate's answers, the record, the outcome."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import User
from helpdesk.billing.models import InvoiceLine, ReconciliationRow, Subscription
from helpdesk.db import Base, closed_set, public_id
from helpdesk.escalations.models.sets import (
    ENDED,
    ApprovalCause,
    CreditWatch,
    EscalationReason,
    EscalationState,
    Outcome,
    Severity,
)
from helpdesk.escalations.models.thread import ContactLogEntry, EscalationPacket, EscalationStep
from helpdesk.kb.models import Article
from helpdesk.money import Money
from helpdesk.tickets.models import Attachment, Ticket, TicketMessage

_OPEN = "state NOT IN ({})".format(", ".join(f"'{state.value}'" for state in sorted(ENDED)))

escalation_line = sa.Table(
    "escalation_line",
    Base.metadata,
    sa.Column("escalation_id", sa.ForeignKey("escalation.id"), primary_key=True),
    sa.Column("line_id", sa.ForeignKey("invoice_line.id"), primary_key=True, index=True),
)
escalation_attachment = sa.Table(
    "escalation_attachment",
    Base.metadata,
    sa.Column("escalation_id", sa.ForeignKey("escalation.id"), primary_key=True),
    sa.Column("attachment_id", sa.ForeignKey("attachment.id"), primary_key=True, index=True),
)
escalation_note = sa.Table(
    "escalation_note",
    Base.metadata,
    sa.Column("escalation_id", sa.ForeignKey("escalation.id"), primary_key=True),
    sa.Column("message_id", sa.ForeignKey("ticket_message.id"), primary_key=True, index=True),
)


class Escalation(Base):
    """One case with 21Vianet about one ticket; at most one of a ticket is open."""

    __tablename__ = "escalation"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket.id"), index=True)
    state: Mapped[EscalationState] = mapped_column(closed_set(EscalationState))

    # The gate.
    reason: Mapped[EscalationReason] = mapped_column(closed_set(EscalationReason))
    reason_text: Mapped[str] = mapped_column(sa.Text)
    facts: Mapped[str] = mapped_column(sa.Text)
    """What happened, written for 21Vianet."""
    tried: Mapped[str] = mapped_column(sa.Text)
    tried_article_id: Mapped[int | None] = mapped_column(sa.ForeignKey("article.id"))
    severity: Mapped[Severity] = mapped_column(closed_set(Severity), default=Severity.MODERATE)
    subscription_id: Mapped[int | None] = mapped_column(sa.ForeignKey("subscription.id"))
    contact_name: Mapped[str] = mapped_column(sa.String(120))
    contact_detail: Mapped[str] = mapped_column(sa.String(200))
    amount_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    """What is at stake: the disputed amount, or the chosen lines' total."""
    approval_cause: Mapped[ApprovalCause | None] = mapped_column(closed_set(ApprovalCause))
    approval_note: Mapped[str] = mapped_column(sa.Text, default="")
    """Why a lead sent it back; empty while nobody did."""
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]

    # The record.
    request_number: Mapped[str | None] = mapped_column(sa.String(60), unique=True)
    representative: Mapped[str] = mapped_column(sa.String(120), default="")
    filed_at: Mapped[datetime | None]
    filed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    filed_revision: Mapped[int | None]
    """The packet that was handed over."""
    next_check_at: Mapped[datetime | None]
    """When we look again whether 21Vianet moved, in its working time."""
    information_due_at: Mapped[datetime | None]
    """When 21Vianet must have what it asked of us, in our working time."""

    # The outcome.
    outcome: Mapped[Outcome | None] = mapped_column(closed_set(Outcome))
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    credit_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    credit_watch: Mapped[CreditWatch | None] = mapped_column(closed_set(CreditWatch))
    credit_row_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reconciliation_row.id"), unique=True)
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime]

    ticket: Mapped[Ticket] = relationship()
    subscription: Mapped[Subscription | None] = relationship()
    lines: Mapped[list[InvoiceLine]] = relationship(secondary=escalation_line, order_by="InvoiceLine.id")
    attachments: Mapped[list[Attachment]] = relationship(secondary=escalation_attachment, order_by="Attachment.id")
    notes: Mapped[list[TicketMessage]] = relationship(secondary=escalation_note, order_by="TicketMessage.id")
    """Messages that show what was tried: our record alone, never part of a packet."""
    tried_article: Mapped[Article | None] = relationship()
    credit_row: Mapped[ReconciliationRow | None] = relationship()
    created_by: Mapped[User] = relationship(foreign_keys=[created_by_id])
    filed_by: Mapped[User | None] = relationship(foreign_keys=[filed_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])
    packets: Mapped[list[EscalationPacket]] = relationship(
        back_populates="escalation", order_by="EscalationPacket.revision"
    )
    contacts: Mapped[list[ContactLogEntry]] = relationship(back_populates="escalation", order_by="ContactLogEntry.at")
    steps: Mapped[list[EscalationStep]] = relationship(back_populates="escalation", order_by="EscalationStep.id")

    __table_args__ = (
        sa.Index(
            "uq_escalation_open_ticket",
            "ticket_id",
            unique=True,
            sqlite_where=sa.text(_OPEN),
            postgresql_where=sa.text(_OPEN),
        ),
        sa.Index("ix_escalation_board", "state", "next_check_at"),
        sa.CheckConstraint("(outcome = 'granted') = (credit_minor IS NOT NULL)", name="credit_if_granted"),
    )

    @property
    def is_open(self) -> bool:
        """Whether this is still the ticket's open case."""
        return self.state not in ENDED

    @property
    def due_at(self) -> datetime | None:
        """When somebody must do something next: ask 21Vianet again, or give it what it asked for."""
        if self.state is EscalationState.INFORMATION_REQUESTED:
            return self.information_due_at
        return self.next_check_at if self.state is EscalationState.FILED else None

    def is_overdue(self, now: datetime) -> bool:
        """Whether the next step should have been taken."""
        return self.due_at is not None and self.due_at <= now

    @property
    def amount(self) -> Money | None:
        """What is at stake."""
        return None if self.amount_minor is None else Money(self.amount_minor, self.ticket.customer.currency)

    @property
    def credit(self) -> Money | None:
        """What 21Vianet granted."""
        return None if self.credit_minor is None else Money(self.credit_minor, self.ticket.customer.currency)

    @property
    def owner(self) -> User:
        """Who keeps the thread: the ticket's owner, else who opened the case."""
        return self.ticket.owner or self.created_by

    @property
    def packet(self) -> EscalationPacket:
        """The newest packet."""
        return self.packets[-1]
