"""Tickets with their messages, attachments and events."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Customer, User
from helpdesk.billing.models import Dispute, DisputeState, Invoice, InvoiceLine, Subscription
from helpdesk.db import Base, closed_set
from helpdesk.money import Money

if TYPE_CHECKING:
    from helpdesk.tickets.models.conversation import TicketEvent, TicketMessage


class TicketState(StrEnum):
    """Where a ticket stands; the transition table is in `tickets.rules`."""

    NEW = "new"
    OPEN = "open"
    WAITING_CUSTOMER = "waiting_customer"
    WITH_21VIANET = "with_21vianet"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Topic(StrEnum):
    """What a ticket is about; it decides which fields are asked."""

    QUESTION = "question"
    DISPUTE = "dispute"
    REFUND = "refund"
    PAYMENT_MADE = "payment_made"
    FAPIAO = "fapiao"
    SUSPENSION = "suspension"
    POLICY = "policy"
    OTHER = "other"


class Priority(StrEnum):
    """How soon it must be answered."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class MessageKind(StrEnum):
    """Who may read a message: everyone of the ticket, or the partner's people alone."""

    PUBLIC = "public"
    INTERNAL = "internal"


class EventKind(StrEnum):
    """What happened to a ticket, beside messages."""

    OPENED = "opened"
    TRIAGED = "triaged"
    ASSIGNED = "assigned"
    STATE_CHANGED = "state_changed"
    ESCALATED = "escalated"
    VNET_ANSWERED = "vnet_answered"
    RESOLVED = "resolved"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    REOPENED = "reopened"
    RATED = "rated"
    TAGGED = "tagged"
    COPIED = "copied"
    UNCOPIED = "uncopied"
    GUEST_INVITED = "guest_invited"
    GUEST_CAME = "guest_came"
    GUEST_ENDED = "guest_ended"
    LINKED = "linked"
    MERGED = "merged"
    UNMERGED = "unmerged"
    SPLIT = "split"


class LinkKind(StrEnum):
    """How two tickets belong together."""

    RELATED = "related"
    MERGED = "merged"
    SPLIT = "split"
    FOLLOW_UP = "follow_up"


class Ticket(Base):
    """One billing question of one customer, from asking to confirmed answer."""

    __tablename__ = "ticket"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    """Said aloud as `T-1042`; it never authorises."""
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    requester_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    topic: Mapped[Topic] = mapped_column(closed_set(Topic))
    priority: Mapped[Priority] = mapped_column(closed_set(Priority), default=Priority.NORMAL)
    state: Mapped[TicketState] = mapped_column(closed_set(TicketState), default=TicketState.NEW)
    subject: Mapped[str] = mapped_column(sa.String(200))
    locale: Mapped[str] = mapped_column(sa.String(10))
    subscription_id: Mapped[int | None] = mapped_column(sa.ForeignKey("subscription.id"))
    invoice_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice.id"), index=True)
    """The invoice a payment or a fapiao is about."""
    amount_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    """What the customer says was paid, or asks back, in the customer's currency."""
    dispute_id: Mapped[int | None] = mapped_column(sa.ForeignKey("dispute.id"), unique=True)
    origin_query: Mapped[str] = mapped_column(sa.String(200), default="")
    """The search that found no answer, when the ticket came from there."""
    origin_article_id: Mapped[int | None] = mapped_column(sa.ForeignKey("article.id"))
    origin_notice: Mapped[str] = mapped_column(sa.String(16), default="")
    """Public id of the suspension notice, when the ticket came from there."""
    idempotency_key: Mapped[str] = mapped_column(sa.String(40), unique=True)
    """From the form: a double click or a reload never makes two tickets."""
    triaged_at: Mapped[datetime | None]
    answer_due_at: Mapped[datetime]
    """The promise: our next answer at the latest, in working time; it runs while the ticket is new or open."""
    first_answered_at: Mapped[datetime | None]
    first_answer_due_at: Mapped[datetime | None]
    """What was promised at submission; it stays, so that reports can tell kept from broken."""
    warned: Mapped[int] = mapped_column(default=0)
    """Warnings sent about the running promise: 1 the owner, 2 the leads, 3 both that it is broken."""
    loop_opened_at: Mapped[datetime]
    """When something last happened that the customer must be told about."""
    explained_at: Mapped[datetime | None]
    """When the resolution was last explained to the customer."""
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    rating: Mapped[int | None]
    rating_comment: Mapped[str] = mapped_column(sa.String(1000), default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    customer: Mapped[Customer] = relationship()
    requester: Mapped[User] = relationship(foreign_keys=[requester_id])
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    subscription: Mapped[Subscription | None] = relationship()
    invoice: Mapped[Invoice | None] = relationship()
    dispute: Mapped[Dispute | None] = relationship()
    messages: Mapped[list[TicketMessage]] = relationship(back_populates="ticket", order_by="TicketMessage.id")
    events: Mapped[list[TicketEvent]] = relationship(back_populates="ticket", order_by="TicketEvent.id")
    lines: Mapped[list[InvoiceLine]] = relationship(secondary="ticket_invoice_line")

    __table_args__ = (
        sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating"),
        sa.Index("ix_ticket_queue", "state", "answer_due_at", "id"),
        sa.Index("ix_ticket_due", "answer_due_at", "id"),
        sa.Index("ix_ticket_updated", "updated_at", "id"),
        sa.Index("ix_ticket_counts", "state", "owner_id", "answer_due_at"),
        sa.Index("ix_ticket_priority", "priority", "answer_due_at", "id"),
        sa.Index("ix_ticket_created", "created_at", "id"),
        sa.Index("ix_ticket_customer_updated", "customer_id", "updated_at", "id"),
    )
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def ref(self) -> str:
        """The reference people say aloud."""
        return f"T-{self.number}"

    @property
    def amount(self) -> Money | None:
        """What the customer says was paid, or asks back."""
        return None if self.amount_minor is None else Money(self.amount_minor, self.customer.currency)

    @property
    def has_open_dispute(self) -> bool:
        """Whether a billing dispute waits for this ticket's answer."""
        return self.dispute is not None and self.dispute.state is DisputeState.OPEN


class TicketCopy(Base):
    """A colleague of the requester who follows a ticket."""

    __tablename__ = "ticket_copy"

    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True, index=True)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    """Who copied them in, and may take it back."""


ticket_invoice_line = sa.Table(
    "ticket_invoice_line",
    Base.metadata,
    sa.Column("ticket_id", sa.ForeignKey("ticket.id"), primary_key=True),
    sa.Column("line_id", sa.ForeignKey("invoice_line.id"), primary_key=True, index=True),
)
