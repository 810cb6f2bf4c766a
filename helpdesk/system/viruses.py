"""A virus was found in a file that was kept already: who sent it, and who works with it, is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.models import AuditEntry
from helpdesk.audit.services import record
from helpdesk.billing.models import BillingImport, PaymentProof
from helpdesk.escalations.models import ContactFile
from helpdesk.files.store import LocalFileStore
from helpdesk.notifications.services import queue_mail
from helpdesk.tickets.models import Attachment, DraftFile

_KEY: Final = 60
"""Characters of a hash that the trail has room for."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file was kept."""

    filename: str
    what: str
    """What people call the thing that it came with."""
    sender: User | None
    keeper: User | None
    """Who works with it."""
    path: str
    work_path: str = ""


def tell_of_viruses(session: Session, store: LocalFileStore, *, now: datetime) -> int:
    """Write down each condemned file that the trail does not know yet, and mail its people; how many.

    What was condemned lies on disk, so nothing is lost when a worker dies in between.
    """
    condemned = store.condemned()
    if not condemned:
        return 0
    known = set(session.scalars(sa.select(AuditEntry.object_id).where(AuditEntry.action == "file.infected")))
    news = {sha256: virus for sha256, virus in condemned.items() if sha256[:_KEY] not in known}
    for sha256, virus in news.items():
        record(
            session,
            "file.infected",
            object_type="file",
            object_id=sha256[:_KEY],
            actor_id=None,
            now=now,
            after={"signature": virus, "sha256": sha256},
        )
        for place in _places(session, sha256):
            _tell(session, sha256, place, now=now)
    session.flush()
    return len(news)


def _places(session: Session, sha256: str) -> Iterator[Place]:
    for file in session.scalars(sa.select(Attachment).where(Attachment.sha256 == sha256)):
        ticket = file.message.ticket
        paths = (f"/tickets/{ticket.ref}", f"/work/tickets/{ticket.ref}")
        yield Place(file.filename, ticket.ref, file.message.author, ticket.owner, *paths)
    for draft in session.scalars(sa.select(DraftFile).where(DraftFile.sha256 == sha256)):
        sender = session.get_one(User, draft.draft.user_id)
        yield Place(draft.filename, "", sender, None, "/tickets", "/work/tickets")
    for proof in session.scalars(sa.select(PaymentProof).where(PaymentProof.sha256 == sha256)):
        number = proof.invoice.number
        yield Place(proof.filename, number, proof.sent_by, None, f"/invoices/{number}")
    for contact in session.scalars(sa.select(ContactFile).where(ContactFile.sha256 == sha256)):
        entry = contact.contact
        path = f"/work/escalations/{entry.escalation.public_id}"
        yield Place(contact.filename, entry.escalation.ticket.ref, entry.author, entry.escalation.owner, path)
    for row in session.scalars(sa.select(BillingImport).where(BillingImport.sha256 == sha256)):
        yield Place(row.name, "", row.by, None, f"/work/billing/imports/{row.public_id}")


def _tell(session: Session, sha256: str, place: Place, *, now: datetime) -> None:
    for person in {place.sender, place.keeper}:
        if person is None or not person.is_active:
            continue
        queue_mail(
            session,
            kind="file_infected",
            recipient=person,
            subject_type="user",
            subject_id=person.id,
            group_key=f"file:{sha256[: _KEY - 20]}",
            dedupe_key=f"file_infected:{sha256[:_KEY]}:{place.what}:{person.id}",
            payload={
                "name": place.filename,
                "what": place.what,
                "sent": person is place.sender,
                "url": place.work_path if person.role.is_staff and place.work_path else place.path,
                "at": now.isoformat(),
            },
            now=now,
        )
