"""What the partner asks beside the built-in fields, by topic, and what was answered."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, closed_set, json_column, public_id
from helpdesk.tickets.models.ticket import Topic


class FieldKind(StrEnum):
    """What may be written into a field."""

    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    NUMBER = "number"
    MONEY = "money"


class CustomField(Base):
    """A field of one topic; a retired one is asked no more, and its answers stay."""

    __tablename__ = "ticket_field"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    topic: Mapped[Topic] = mapped_column(closed_set(Topic), index=True)
    kind: Mapped[FieldKind] = mapped_column(closed_set(FieldKind))
    labels: Mapped[dict[str, str]] = mapped_column(json_column(), default=dict)
    """Its name by language."""
    choices: Mapped[list[dict[str, str]]] = mapped_column(json_column(), default=list)
    """Of a choice: each answer by language; the English one is what is kept."""
    required: Mapped[bool] = mapped_column(default=False)
    for_customer: Mapped[bool] = mapped_column(default=True)
    """Whether customers are asked, and see the answer; else it is the partner's alone."""
    position: Mapped[int]
    retired_at: Mapped[datetime | None]

    def label_in(self, locale: str) -> str:
        """Its name in `locale`, else English, else any."""
        return self.labels.get(locale) or self.labels.get("en") or next(iter(self.labels.values()), "")


class FieldValue(Base):
    """What was answered on one ticket, as `tickets.rules.fields` writes it."""

    __tablename__ = "ticket_field_value"

    ticket_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket.id"), primary_key=True)
    field_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket_field.id"), primary_key=True)
    value: Mapped[str] = mapped_column(sa.String(500))
