"""The edge that all ways in share: one mail, one transaction; a mail that breaks something is kept all the same."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask

from helpdesk.clock import utc_now
from helpdesk.db import writing
from helpdesk.extensions import db
from helpdesk.intake.models import IncomingMail, Reason, Result
from helpdesk.intake.queries import known_mail
from helpdesk.intake.services import Envelope, House, receive

log = structlog.get_logger(__name__)


def ingest(app: Flask, raw: bytes, *, envelope: Envelope) -> dict[str, Any]:
    """Receive one mail and commit; gives what was done. Whatever goes wrong, the mail ends in quarantine.

    Raises only when not even that can be written, so that the other side keeps the mail.
    """
    with app.app_context(), writing():
        house = House.of(app.config["HELPDESK"])
        now = utc_now()
        try:
            with db.sessionmaker.begin() as session:
                return as_answer(receive(session, raw, house=house, now=now, envelope=envelope))
        except Exception as error:
            log.exception("mail_in_failed", size=len(raw))
            with db.sessionmaker.begin() as session:
                sha256 = house.raw.put(raw)
                record = known_mail(session, sha256) or IncomingMail(
                    sha256=sha256,
                    size=len(raw),
                    source=envelope.source,
                    envelope_from=envelope.sender,
                    envelope_to=list(envelope.recipients)[:100],
                    result=Result.QUARANTINED,
                    reason=Reason.FAILED,
                    detail=f"{type(error).__name__}: {error}"[:1000],
                    received_at=now,
                    keep_until=now + house.keep_for,
                )
                session.add(record)
                session.flush()
                return as_answer(record)


def as_answer(record: IncomingMail) -> dict[str, Any]:
    """What was done with a mail, as plain values."""
    return {
        "result": record.result.value,
        "ticket": record.ticket.ref if record.ticket and record.result is not Result.QUARANTINED else None,
        "reason": record.reason.value,
        "attachments": record.attachments,
        "subject": record.subject,
        "text": record.text,
        "from": record.sender,
        "detail": record.detail,
        "id": record.public_id,
    }
