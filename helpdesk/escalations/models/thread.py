"""What was handed over, what was said, and which steps a case took."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import User
from helpdesk.append_only import append_only
from helpdesk.db import KEPT_FILE, Base, closed_set, json_column, public_id
from helpdesk.escalations.models.sets import Channel, Direction, EscalationState

if TYPE_CHECKING:
    from helpdesk.escalations.models.cases import Escalation


class EscalationPacket(Base):
    """What was prepared for 21Vianet, kept as it was; a change is a new revision."""

    __tablename__ = "escalation_packet"

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[int] = mapped_column(sa.ForeignKey("escalation.id"))
    revision: Mapped[int]
    fields: Mapped[list[dict[str, Any]]] = mapped_column(json_column())
    """In order: {"key": ..., "value": ..., "charge": n}; charge 0 is the case, n its n-th invoice line."""
    files: Mapped[list[dict[str, Any]]] = mapped_column(json_column(), default=list)
    """In order: {"filename", "content_type", "size", "sha256"}; the stored files never change."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))

    escalation: Mapped[Escalation] = relationship(back_populates="packets")
    created_by: Mapped[User] = relationship()

    __table_args__ = (sa.UniqueConstraint("escalation_id", "revision"),)

    def value(self, key: str) -> str:
        """The value of a field of the case, or nothing."""
        return next((str(field["value"]) for field in self.fields if field["key"] == key and not field["charge"]), "")


append_only(EscalationPacket)


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
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    """None for a mail that joined by itself."""
    mail_message_id: Mapped[str | None] = mapped_column(sa.String(250), unique=True)

    escalation: Mapped[Escalation] = relationship(back_populates="contacts")
    author: Mapped[User | None] = relationship()
    files: Mapped[list[ContactFile]] = relationship(back_populates="contact", order_by="ContactFile.id")


class ContactFile(Base):
    """A file that came with a contact; like the contact, for the partner's people alone."""

    __tablename__ = "contact_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("contact_log_entry.id"), index=True)
    filename: Mapped[str] = mapped_column(sa.String(200))
    content_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64), info=KEPT_FILE)

    contact: Mapped[ContactLogEntry] = relationship(back_populates="files")


class EscalationStep(Base):
    """A case came into a state: the base of its history and of the time split."""

    __tablename__ = "escalation_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[int] = mapped_column(sa.ForeignKey("escalation.id"), index=True)
    state: Mapped[EscalationState] = mapped_column(closed_set(EscalationState))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    note: Mapped[str] = mapped_column(sa.Text, default="")

    escalation: Mapped[Escalation] = relationship(back_populates="steps")
    actor: Mapped[User | None] = relationship()
