"""What is told by itself: the summary of the day, for those who chose it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from itertools import groupby
from typing import Final

from sqlalchemy.orm import Session

from helpdesk.jobs import Daily, register
from helpdesk.notifications.models import OutboxMessage
from helpdesk.notifications.queries import Reader, waiting_for_digest
from helpdesk.notifications.rendering import render
from helpdesk.notifications.services import queue_mail
from helpdesk.notifications.table import DIGEST

DIGEST_AT: Final = time(8, 30)
ITEMS_MAX: Final = 100


def send_digests(session: Session, now: datetime) -> int:
    """Queue one mail a person with everything since the last; how many. A second run finds nothing."""
    people = groupby(waiting_for_digest(session), key=lambda row: row[0])
    by_person = {person: [message for _, message in rows] for person, rows in people}
    for person, messages in by_person.items():
        _send(session, person, messages, now=now)
    return len(by_person)


def _send(session: Session, person: Reader, messages: Iterable[OutboxMessage], *, now: datetime) -> None:
    entries = []
    for message in messages:
        message.digested_at = now
        path = message.payload.get("work_path") or message.payload.get("path") or "/"
        entries.append({"words": render(message, address=person.email).subject, "path": str(path)})
    queue_mail(
        session,
        kind=DIGEST,
        recipient=person,
        subject_type="user",
        subject_id=person.id,
        group_key=f"digest:{person.id}",
        dedupe_key=f"digest:{person.id}:{int(now.timestamp())}",
        payload={"entries": entries[:ITEMS_MAX], "count": len(entries), "path": "/notifications"},
        now=now,
    )


def schedule(partner_zone: str) -> None:
    """Have it done every morning of the partner's."""
    register("notifications.digest", Daily(at=DIGEST_AT, zone=partner_zone), send_digests)
