"""Somebody outside the customer's organisation who was invited to one ticket."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import User
from helpdesk.db import Base, public_id
from helpdesk.tickets.models.ticket import Ticket


class TicketGuest(Base):
    """One address at one ticket: invited, then here, until it ends. It is no account and opens nothing else.

    A mailed link works once and begins the one visit that counts; what we keep of both are digests.
    """

    __tablename__ = "ticket_guest"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket.id"), index=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    name: Mapped[str] = mapped_column(sa.String(120))
    locale: Mapped[str] = mapped_column(sa.String(10))
    time_zone: Mapped[str] = mapped_column(sa.String(60))
    invited_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    invited_at: Mapped[datetime]
    link_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    """Digest of the link that waits in the newest mail; none once it was used."""
    link_until: Mapped[datetime]
    link_sent_at: Mapped[datetime]
    links: Mapped[int] = mapped_column(default=1)
    came_at: Mapped[datetime | None]
    """When the invitation was first accepted: nothing of the ticket is mailed before."""
    visit_hash: Mapped[str | None] = mapped_column(sa.String(64))
    visit_until: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    ticket: Mapped[Ticket] = relationship()
    invited_by: Mapped[User] = relationship()

    __table_args__ = (
        sa.CheckConstraint("email = lower(email)", name="email_lower"),
        sa.CheckConstraint(
            "ended_at IS NULL OR (link_hash IS NULL AND visit_hash IS NULL)", name="ended_opens_nothing"
        ),
        sa.Index(
            "uq_ticket_guest_once",
            "ticket_id",
            "email",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    def is_over(self, now: datetime) -> bool:
        """Whether it ended, or its time is up."""
        return self.ended_at is not None or self.expires_at <= now

    def is_here(self, now: datetime) -> bool:
        """Whether the invitation was accepted and still holds."""
        return self.came_at is not None and not self.is_over(now)
