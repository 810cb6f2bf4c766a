"""What the worker does about kept files: those that nobody has checked yet are checked again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.extensions import settings
from helpdesk.files.quarantine import rescan
from helpdesk.files.scanning import scanner_of
from helpdesk.files.store import local_store
from helpdesk.jobs import Every, register
from helpdesk.system.viruses import tell_of_viruses


def rescan_files(session: Session, now: datetime) -> None:
    """Ask the scanner about every file that waits for it, and tell of what it found, now or by hand."""
    here = settings()
    store = local_store(here)
    rescan(store, scanner_of(here), store.waiting())
    tell_of_viruses(session, store, now=now)


register("files.rescan", Every(minutes=5), rescan_files)
