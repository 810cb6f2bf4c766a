"""What the agents keep beside tickets: macros, tags, views, links, who is looking, what waits for the search."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import User
from helpdesk.db import Base, closed_set, json_column, public_id
from helpdesk.tickets.models.ticket import LinkKind, Ticket, Topic


class Macro(Base):
    """A prepared answer with variables, in the languages it was written in, and what it does beside."""

    __tablename__ = "ticket_macro"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(sa.String(80), unique=True)
    bodies: Mapped[dict[str, str]] = mapped_column(json_column(), default=dict)
    """Text by language."""
    topic: Mapped[Topic | None] = mapped_column(closed_set(Topic))
    """Offered first on tickets of this topic."""
    tag: Mapped[str] = mapped_column(sa.String(30), default="")
    """Put on the ticket when the macro is sent."""
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))

    def body_in(self, locale: str) -> str:
        """The text in `locale`, else English, else any."""
        return self.bodies.get(locale) or self.bodies.get("en") or next(iter(self.bodies.values()), "")


class TicketTag(Base):
    """A word that agents put on a ticket."""

    __tablename__ = "ticket_tag"

    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(sa.String(30), primary_key=True)

    __table_args__ = (sa.Index("ix_ticket_tag_tag", "tag", "ticket_id"),)


class SavedView(Base):
    """A view of the queue that somebody named: an address, for oneself or for the team."""

    __tablename__ = "ticket_saved_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    query: Mapped[str] = mapped_column(sa.String(500))
    """The part of the address after `?`."""
    shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    owner: Mapped[User] = relationship()

    __table_args__ = (sa.UniqueConstraint("owner_id", "name"),)


class TicketLink(Base):
    """Two tickets that belong together: merged, split, followed up, or merely related."""

    __tablename__ = "ticket_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket.id"), index=True)
    """The one that was merged away, split off, opened after, or named first."""
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket.id"), index=True)
    kind: Mapped[LinkKind] = mapped_column(closed_set(LinkKind))
    undo: Mapped[dict[str, Any]] = mapped_column(json_column(), default=dict)
    """What a merge changed, so that it can be taken back."""
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime]

    ticket: Mapped[Ticket] = relationship(foreign_keys=[ticket_id])
    other: Mapped[Ticket] = relationship(foreign_keys=[other_id])

    __table_args__ = (
        sa.UniqueConstraint("ticket_id", "other_id", "kind"),
        sa.CheckConstraint("ticket_id <> other_id", name="two_tickets"),
    )


class Presence(Base):
    """Who has a ticket's page open, and whether they are writing; forgotten after a minute."""

    __tablename__ = "ticket_presence"

    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True)
    writing: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(index=True)


class TicketToIndex(Base):
    """A ticket that changed, for the search to read again."""

    __tablename__ = "ticket_to_index"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int]
