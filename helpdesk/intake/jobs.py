"""Mail that comes in by itself, and what happens to kept mails."""

from __future__ import annotations

import imaplib
from datetime import datetime, time
from time import monotonic
from typing import Final

import structlog
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.config import Settings
from helpdesk.extensions import settings
from helpdesk.intake.imap import BATCH, fetch_new, parse_imap_url
from helpdesk.intake.ingest import ingest
from helpdesk.intake.listener import Listener, listen, parse_listen_url
from helpdesk.intake.queries import raw_to_delete
from helpdesk.intake.raw_store import raw_store
from helpdesk.intake.services.bounced import note_refused
from helpdesk.jobs import Daily, Every, register, register_loop

log = structlog.get_logger(__name__)
POLL_SECONDS: Final = 30
LISTEN_AGAIN_SECONDS: Final = 30


def forget_originals(session: Session, now: datetime) -> int:
    """Delete the bytes of mails whose retention date has come; how many."""
    store = raw_store(settings())
    records = raw_to_delete(session, now=now)
    for record in records:
        store.delete(record.sha256)
        record.raw_deleted_at = now
    return len(records)


register("intake.forget_originals", Daily(at=time(3, 0)), forget_originals)
register("intake.refused", Every(minutes=1), note_refused)


class Ears:
    """What this worker hears: a listener that runs once, and a mailbox that is looked into."""

    def __init__(self) -> None:
        """Hear nothing yet."""
        self.listener: Listener | None = None
        self._listen_at = 0.0
        self._poll_at = 0.0

    def listen(self, app: Flask) -> bool:
        """Begin to listen, if that is wished; where another worker listens already, look again later."""
        here: Settings = app.config["HELPDESK"]
        if not here.mail_listen or self.listener is not None or monotonic() < self._listen_at:
            return False
        self._listen_at = monotonic() + LISTEN_AGAIN_SECONDS
        try:
            self.listener = listen(app, parse_listen_url(here.mail_listen))
        except OSError as error:
            log.info("mail_listener_elsewhere", error=str(error))
        return False

    def poll(self, app: Flask) -> bool:
        """Look into the mailbox, if there is one; at once again while it holds more than a batch."""
        here: Settings = app.config["HELPDESK"]
        if not here.mail_imap_url or monotonic() < self._poll_at:
            return False
        self._poll_at = monotonic() + POLL_SECONDS
        mailbox = parse_imap_url(here.mail_imap_url)
        try:
            kept = fetch_new(mailbox, lambda raw, envelope: ingest(app, raw, envelope=envelope))
        except (OSError, imaplib.IMAP4.error) as error:
            log.warning("mailbox_unreachable", host=mailbox.host, error=str(error))
            return False
        if kept == BATCH:
            self._poll_at = 0.0
        return kept == BATCH


_ears = Ears()
register_loop("intake.listen", _ears.listen)
register_loop("intake.poll", _ears.poll)
