"""What was typed and not sent yet, and which suggestions were opened meanwhile."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import KEPT_FILE, Base, json_column, public_id


class Draft(Base):
    """The text of one form of one person, until it is sent or thrown away."""

    __tablename__ = "ticket_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    place: Mapped[str] = mapped_column(sa.String(60))
    """Which form: `new:<key>`, `reply:<ticket id>` or `note:<ticket id>`."""
    fields: Mapped[dict[str, str]] = mapped_column(json_column(), default=dict)
    updated_at: Mapped[datetime] = mapped_column(index=True)

    files: Mapped[list[DraftFile]] = relationship(
        back_populates="draft", order_by="DraftFile.id", cascade="all, delete-orphan"
    )

    __table_args__ = (sa.UniqueConstraint("user_id", "place"),)


class DraftFile(Base):
    """A file that was chosen already; its content lies in the store."""

    __tablename__ = "ticket_draft_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    draft_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket_draft.id", ondelete="CASCADE"), index=True)
    filename: Mapped[str] = mapped_column(sa.String(200))
    content_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64), info=KEPT_FILE)

    draft: Mapped[Draft] = relationship(back_populates="files")


class SuggestionOpened(Base):
    """An article that was opened while a ticket was being written; unsent, it spared us the ticket."""

    __tablename__ = "ticket_suggestion_opened"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    form_key: Mapped[str] = mapped_column(sa.String(40))
    """The idempotency key of the form, as a ticket keeps it."""
    article: Mapped[str] = mapped_column(sa.String(160))
    """Slug of the article."""
    locale: Mapped[str] = mapped_column(sa.String(10))
    asked: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    """When the ticket was sent after all."""

    __table_args__ = (sa.UniqueConstraint("form_key", "article"),)
