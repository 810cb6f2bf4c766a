"""What is said on a ticket and what happens to it: messages with their files, and events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import User
from helpdesk.db import KEPT_FILE, Base, closed_set, json_column, public_id
from helpdesk.tickets.models.guests import TicketGuest
from helpdesk.tickets.models.ticket import EventKind, MessageKind, Ticket


class TicketMessage(Base):
    """Something somebody wrote: to everyone of the ticket, or as an internal note."""

    __tablename__ = "ticket_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    guest_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ticket_guest.id"))
    """Who wrote it where that was nobody with an account."""
    kind: Mapped[MessageKind] = mapped_column(closed_set(MessageKind))
    body: Mapped[str] = mapped_column(sa.Text)
    explains: Mapped[bool] = mapped_column(default=False)
    """Whether this is the explanation of a resolution."""
    created_at: Mapped[datetime]

    ticket: Mapped[Ticket] = relationship(back_populates="messages")
    author: Mapped[User | None] = relationship()
    guest: Mapped[TicketGuest | None] = relationship()
    attachments: Mapped[list[Attachment]] = relationship(back_populates="message", order_by="Attachment.id")

    __table_args__ = (sa.CheckConstraint("(author_id IS NULL) <> (guest_id IS NULL)", name="one_writer"),)

    @property
    def writer(self) -> User | TicketGuest:
        """Who wrote it: somebody with an account, or a guest."""
        writer = self.author or self.guest
        if writer is None:
            msg = "a message without a writer"
            raise RuntimeError(msg)
        return writer

    @property
    def is_ours(self) -> bool:
        """Whether the partner wrote it."""
        return self.author is not None and self.author.role.is_staff


class Attachment(Base):
    """A file that came with a message; stored under its hash, outside `static/`."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket_message.id"), index=True)
    filename: Mapped[str] = mapped_column(sa.String(200))
    content_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64), info=KEPT_FILE)
    created_at: Mapped[datetime]

    message: Mapped[TicketMessage] = relationship(back_populates="attachments")


class TicketEvent(Base):
    """A step in a ticket's life; some are for the customer's timeline too (see `tickets.rules`)."""

    __tablename__ = "ticket_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket.id"), index=True)
    kind: Mapped[EventKind] = mapped_column(closed_set(EventKind))
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    data: Mapped[dict[str, Any]] = mapped_column(json_column(), default=dict)
    at: Mapped[datetime]

    ticket: Mapped[Ticket] = relationship(back_populates="events")
    actor: Mapped[User | None] = relationship()
