"""The outbox: what must be delivered, written in the transaction that caused it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, closed_set, json_column, public_id


class OutboxState(StrEnum):
    """queued -> sent | dead | portal_only; dead -> queued | dropped; `rules` has the table. A lease is a time."""

    QUEUED = "queued"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"
    PORTAL_ONLY = "portal_only"
    """Never mailed: the recipient chose so, or an answer to it could start a loop. The portal shows it."""


class DeliveryState(StrEnum):
    """What became of a message to one person."""

    QUEUED = "queued"
    ACCEPTED = "accepted"
    BOUNCED = "bounced"
    FAILED = "failed"


class OutboxMessage(Base):
    """One mail to one person, waiting or done."""

    __tablename__ = "outbox_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    kind: Mapped[str] = mapped_column(sa.String(40))
    """Name of the mail template, e.g. `ticket_answered`."""
    dedupe_key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    group_key: Mapped[str] = mapped_column(sa.String(60))
    """Messages of one group (a ticket, a notice) go out in order."""
    recipient_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    """None for somebody who has no account yet."""
    recipient_name: Mapped[str] = mapped_column(sa.String(120))
    locale: Mapped[str] = mapped_column(sa.String(10))
    time_zone: Mapped[str] = mapped_column(sa.String(60), default="Asia/Shanghai")
    """Dates in the mail are written in this zone."""
    payload: Mapped[dict[str, Any]] = mapped_column(json_column())
    subject: Mapped[str] = mapped_column(sa.Text, default="")
    body: Mapped[str] = mapped_column(sa.Text, default="")
    """Subject and text as they were sent: what the recipient was told, whatever the templates say today."""
    state: Mapped[OutboxState] = mapped_column(closed_set(OutboxState), default=OutboxState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    lease_owner: Mapped[str | None] = mapped_column(sa.String(60))
    last_error: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    handled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    """Who last retried or dropped it by hand."""
    handled_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    """When the recipient saw it in the portal."""
    digested_at: Mapped[datetime | None]
    """When it went into a digest."""

    delivery: Mapped[Delivery] = relationship(back_populates="message", uselist=False)

    __table_args__ = (
        sa.Index("ix_outbox_message_due", "state", "next_attempt_at"),
        sa.Index("ix_outbox_message_order", "group_key", "recipient_id", "id"),
        sa.Index("ix_outbox_message_portal", "recipient_id", "read_at", "id"),
    )


class Delivery(Base):
    """What became of one message: evidence that somebody was told."""

    __tablename__ = "delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("outbox_message.id"), unique=True)
    subject_type: Mapped[str] = mapped_column(sa.String(40))
    """What it was about: `ticket`, `notice`."""
    subject_id: Mapped[int]
    address: Mapped[str] = mapped_column(sa.String(254))
    mail_message_id: Mapped[str] = mapped_column(sa.String(300), unique=True)
    """Its Message-ID: the part before the @ from the start, whole from the first try on."""
    state: Mapped[DeliveryState] = mapped_column(closed_set(DeliveryState), default=DeliveryState.QUEUED)
    at: Mapped[datetime]

    message: Mapped[OutboxMessage] = relationship(back_populates="delivery")

    __table_args__ = (sa.Index("ix_delivery_subject", "subject_type", "subject_id"),)


class Way(StrEnum):
    """How a person wants to hear of something."""

    MAIL = "mail"
    DIGEST = "digest"
    PORTAL = "portal"


class NotificationChoice(Base):
    """A person chose another way than mail for one kind of notification."""

    __tablename__ = "notification_choice"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    way: Mapped[Way] = mapped_column(closed_set(Way))
    at: Mapped[datetime]
