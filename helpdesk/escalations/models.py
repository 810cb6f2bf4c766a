"""Cases handed to 21Vianet: the gate's answers, packets, the request number, the contact log."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import User
from helpdesk.billing.models import InvoiceLine, Subscription
from helpdesk.db import Base, closed_set, json_column, public_id
from helpdesk.tickets.models import Ticket


class EscalationReason(StrEnum):
    """What the partner lacks, in 21Vianet's own three words. Source: domain, Escalating."""

    TRAINING = "training"
    DOCUMENTATION = "documentation"
    SUPPORT_TOOLS = "support_tools"


class EscalationState(StrEnum):
    """prepared -> filed -> (information_requested -> filed)* -> answered -> closed; any open one -> withdrawn."""

    PREPARED = "prepared"
    FILED = "filed"
    INFORMATION_REQUESTED = "information_requested"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What 21Vianet said in the end."""

    GRANTED = "granted"
    EXPLAINED = "explained"
    DECLINED = "declined"
    INAPPROPRIATE = "inappropriate"


class Channel(StrEnum):
    """How a contact with 21Vianet took place."""

    PORTAL = "portal"
    CALL = "call"
    MAIL = "mail"


class Direction(StrEnum):
    """Who spoke."""

    FROM_US = "from_us"
    FROM_21VIANET = "from_21vianet"


class Escalation(Base):
    """One case with 21Vianet about one ticket; at most one of a ticket is open."""

    __tablename__ = "escalation"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket.id"), index=True)
    subscription_id: Mapped[int | None] = mapped_column(sa.ForeignKey("subscription.id"))
    line_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invoice_line.id"))
    reason: Mapped[EscalationReason] = mapped_column(closed_set(EscalationReason))
    reason_text: Mapped[str] = mapped_column(sa.Text)
    tried: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[EscalationState] = mapped_column(closed_set(EscalationState), default=EscalationState.PREPARED)
    contact_name: Mapped[str] = mapped_column(sa.String(120))
    contact_detail: Mapped[str] = mapped_column(sa.String(200))
    request_number: Mapped[str | None] = mapped_column(sa.String(60), unique=True)
    representative: Mapped[str] = mapped_column(sa.String(120), default="")
    filed_at: Mapped[datetime | None]
    filed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    next_check_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(closed_set(Outcome))
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    credit_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime]

    ticket: Mapped[Ticket] = relationship()
    subscription: Mapped[Subscription | None] = relationship()
    line: Mapped[InvoiceLine | None] = relationship()
    created_by: Mapped[User] = relationship(foreign_keys=[created_by_id])
    filed_by: Mapped[User | None] = relationship(foreign_keys=[filed_by_id])
    packets: Mapped[list[EscalationPacket]] = relationship(
        back_populates="escalation", order_by="EscalationPacket.revision"
    )
    contacts: Mapped[list[ContactLogEntry]] = relationship(
        back_populates="escalation", order_by="ContactLogEntry.at"
    )

    __table_args__ = (
        sa.Index(
            "uq_escalation_open_ticket",
            "ticket_id",
            unique=True,
            sqlite_where=sa.text("state NOT IN ('closed', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('closed', 'withdrawn')"),
        ),
    )


class EscalationPacket(Base):
    """What was prepared for 21Vianet, kept as it was."""

    __tablename__ = "escalation_packet"

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[int] = mapped_column(sa.ForeignKey("escalation.id"))
    revision: Mapped[int]
    fields: Mapped[list[dict[str, Any]]] = mapped_column(json_column())
    """In order: {"key": ..., "value": ...}; identifiers and texts."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))

    escalation: Mapped[Escalation] = relationship(back_populates="packets")

    __table_args__ = (sa.UniqueConstraint("escalation_id", "revision"),)


class ContactLogEntry(Base):
    """One contact with 21Vianet. It has no path to the customer."""

    __tablename__ = "contact_log_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[int] = mapped_column(sa.ForeignKey("escalation.id"), index=True)
    at: Mapped[datetime]
    channel: Mapped[Channel] = mapped_column(closed_set(Channel))
    direction: Mapped[Direction] = mapped_column(closed_set(Direction))
    who: Mapped[str] = mapped_column(sa.String(120), default="")
    text: Mapped[str] = mapped_column(sa.Text)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))

    escalation: Mapped[Escalation] = relationship(back_populates="contacts")
    author: Mapped[User] = relationship()
