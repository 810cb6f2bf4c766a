"""Files that nobody may open yet, or ever: a mark beside the content, on the same disk."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from helpdesk.audit.services import record
from helpdesk.config import Settings
from helpdesk.files.scanning import Scanner, Verdict
from helpdesk.files.store import LocalFileStore

_CHUNK: Final = 256 * 1024


def rescan(session: Session, settings: Settings, scanner: Scanner, *, now: datetime) -> tuple[int, int]:
    """Ask again about every file that waits; gives how many were let go and how many stay for good.

    Stops at the first silence: a scanner that is down is not asked a thousand times.
    """
    store = LocalFileStore(settings.var / "files")
    clean = infected = 0
    for sha256 in store.waiting():
        answer = scanner.ask(_pieces(store.path_of(sha256)))
        if answer.verdict is Verdict.UNKNOWN:
            break
        if answer.verdict is Verdict.CLEAN:
            store.release(sha256)
            clean += 1
            continue
        store.condemn(sha256)
        infected += 1
        record(
            session,
            "file.infected",
            object_type="file",
            object_id=sha256[:60],
            actor_id=None,
            now=now,
            after={"signature": answer.signature, "sha256": sha256},
        )
    return clean, infected


def _pieces(path: Path) -> list[bytes]:
    with path.open("rb") as content:
        return list(iter(lambda: content.read(_CHUNK), b""))
