"""What the worker does about files: those that nobody has checked yet are checked again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.extensions import settings
from helpdesk.files.quarantine import rescan
from helpdesk.files.scanning import scanner_of
from helpdesk.jobs import Every, register


def rescan_files(session: Session, now: datetime) -> None:
    """Ask the scanner about every file that waits for it."""
    here = settings()
    rescan(session, here, scanner_of(here), now=now)


register("files.rescan", Every(minutes=5), rescan_files)
