"""Every mail that came in: what it was, what was done, and where its bytes lie until their retention date."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import User
from helpdesk.db import Base, closed_set, json_column, public_id
from helpdesk.tickets.models import Ticket


class Result(StrEnum):
    """What was done with a mail."""

    CREATED = "created"
    JOINED = "joined"
    SIDE_THREAD = "side_thread"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    QUARANTINED = "quarantined"
    REJECTED = "rejected"


class Reason(StrEnum):
    """Why; `labels` has the words."""

    KNOWN_SENDER = "known_sender"
    TOKEN = "token"  # noqa: S105 - not a password
    MESSAGE_ID = "message_id"
    TICKET_CLOSED = "ticket_closed"
    VNET_CASE = "vnet_case"
    ACCEPTED_BY_HAND = "accepted_by_hand"
    JOINED_BY_HAND = "joined_by_hand"
    DELIVERY_FAILED = "delivery_failed"
    DELIVERY_DELAYED = "delivery_delayed"
    DELIVERY_REPORT = "delivery_report"
    NOT_OUR_MAIL = "not_our_mail"
    AUTOMATIC = "automatic"
    NO_SENDER = "no_sender"
    SEVERAL_SENDERS = "several_senders"
    NOT_AUTHENTIC = "not_authentic"
    UNKNOWN_SENDER = "unknown_sender"
    SENDER_DISABLED = "sender_disabled"
    STAFF_WITHOUT_TICKET = "staff_without_ticket"
    NOT_A_PARTICIPANT = "not_a_participant"
    FORGED_TOKEN = "forged_token"  # noqa: S105 - not a password
    VNET_WITHOUT_CASE = "vnet_without_case"
    TOO_MANY = "too_many"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    REFUSED = "refused"
    FAILED = "failed"
    OWN_MAIL = "own_mail"
    BLOCKED = "blocked"
    DUPLICATE = "duplicate"


class IncomingMail(Base):
    """One mail that came in."""

    __tablename__ = "incoming_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    size: Mapped[int]
    source: Mapped[str] = mapped_column(sa.String(20))
    """`lmtp`, `imap` or `file`."""
    envelope_from: Mapped[str | None] = mapped_column(sa.String(320))
    """Who the delivering server said sends it; None where that is not known, empty for a report."""
    envelope_to: Mapped[list[str]] = mapped_column(json_column(), default=list)
    sender: Mapped[str] = mapped_column(sa.String(320), default="")
    sender_name: Mapped[str] = mapped_column(sa.String(120), default="")
    subject: Mapped[str] = mapped_column(sa.String(500), default="")
    message_id: Mapped[str] = mapped_column(sa.String(250), default="", index=True)
    text: Mapped[str] = mapped_column(sa.Text, default="")
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(json_column(), default=list)
    """In order: {"filename", "size", "kept", "reason"}."""
    result: Mapped[Result] = mapped_column(closed_set(Result))
    reason: Mapped[Reason] = mapped_column(closed_set(Reason))
    detail: Mapped[str] = mapped_column(sa.String(1000), default="")
    ticket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ticket.id"), index=True)
    """The ticket it made or joined, or, in quarantine, the one it wanted to join."""
    received_at: Mapped[datetime]
    keep_until: Mapped[datetime]
    """Until then its bytes are kept, so that a mistake can be mended."""
    raw_deleted_at: Mapped[datetime | None]
    handled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    handled_at: Mapped[datetime | None]

    ticket: Mapped[Ticket | None] = relationship()
    handled_by: Mapped[User | None] = relationship()

    __table_args__ = (
        sa.Index("ix_incoming_mail_result", "result", "id"),
        sa.Index("ix_incoming_mail_sender", "sender", "received_at"),
        sa.Index("ix_incoming_mail_keep", "raw_deleted_at", "keep_until"),
    )

    @property
    def is_waiting(self) -> bool:
        """Whether somebody must decide about it."""
        return self.result is Result.QUARANTINED


class BlockedSender(Base):
    """An address whose mail is rejected."""

    __tablename__ = "blocked_sender"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(sa.String(320), unique=True)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime]

    by: Mapped[User] = relationship()
