"""Files that wait for the worker: looked at first, taken in when a person says so."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import User
from helpdesk.db import KEPT_FILE, Base, closed_set, json_column, public_id


class ImportKind(StrEnum):
    """Which file it is."""

    LICENSE = "license"
    USAGE = "usage"
    INVOICES = "invoices"


class ImportState(StrEnum):
    """received -> checked | refused; checked -> wanted | dropped; wanted -> done | refused."""

    RECEIVED = "received"
    CHECKED = "checked"
    WANTED = "wanted"
    DONE = "done"
    REFUSED = "refused"
    DROPPED = "dropped"


class BillingImport(Base):
    """One uploaded file: what the worker found in it, and how far it is."""

    __tablename__ = "billing_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True, default=public_id)
    kind: Mapped[ImportKind] = mapped_column(closed_set(ImportKind))
    name: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64), info=KEPT_FILE)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    billed_on: Mapped[date]
    state: Mapped[ImportState] = mapped_column(closed_set(ImportState), default=ImportState.RECEIVED)
    skip_bad: Mapped[bool] = mapped_column(default=False)
    replace: Mapped[bool] = mapped_column(default=False)
    rows_done: Mapped[int] = mapped_column(default=0)
    """Progress of the step that runs."""
    rows: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    bad_count: Mapped[int] = mapped_column(default=0)
    bad: Mapped[list[dict[str, Any]]] = mapped_column(json_column(), default=list)
    """The first bad rows: line, column, sentence, values."""
    rejects_sha256: Mapped[str | None] = mapped_column(sa.String(64), info=KEPT_FILE)
    """All bad rows as a file."""
    findings: Mapped[dict[str, Any]] = mapped_column(json_column(), default=dict)
    """What a corrected file changes; what an invoice file makes."""
    refusal: Mapped[dict[str, Any] | None] = mapped_column(json_column())
    """Why the whole file was refused: sentence and values."""
    claimed_by: Mapped[str | None] = mapped_column(sa.String(80))
    """The worker that has it in hand; free again when it gave no sign for a minute."""
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    by: Mapped[User] = relationship()

    __table_args__ = (sa.Index("ix_billing_import_state", "state", "id"),)

    @property
    def is_waiting(self) -> bool:
        """Whether the worker has it to do."""
        return self.state in {ImportState.RECEIVED, ImportState.WANTED}
