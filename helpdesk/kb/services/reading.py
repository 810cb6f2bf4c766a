"""Counting reads in memory and writing them down in batches, so that reading never waits for a write."""

from __future__ import annotations

import re
import time
from collections import Counter
from datetime import date
from threading import Lock
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from helpdesk.kb.models import ArticleReads

FLUSH_SECONDS: Final = 15
_SEEN_AT_MOST: Final = 50_000
_MACHINE: Final = re.compile(
    r"bot|crawl|spider|slurp|preview|scan|monitor|curl|wget|python|java/|go-http|okhttp|headless|lighthouse|feed|^$",
    re.IGNORECASE,
)


def is_machine(user_agent: str) -> bool:
    """Whether the visitor says that it is not a person."""
    return _MACHINE.search(user_agent) is not None


class ReadCounter:
    """Reads of this process that are not written down yet; the same reader counts once a day."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lock = Lock()
        self._waiting: Counter[tuple[int, date]] = Counter()
        self._seen: set[tuple[str, int, date]] = set()
        self._written = 0.0

    def note(self, translation_id: int, *, reader: str, day: date) -> None:
        """Count one read, unless this reader read it today."""
        with self._lock:
            key = (reader, translation_id, day)
            if key in self._seen:
                return
            if len(self._seen) >= _SEEN_AT_MOST:
                self._seen.clear()
            self._seen.add(key)
            self._waiting[translation_id, day] += 1

    def is_due(self) -> bool:
        """Whether it is time to write."""
        return bool(self._waiting) and time.monotonic() - self._written >= FLUSH_SECONDS

    def write(self, session: Session) -> list[int]:
        """Add what waits to the database (the caller commits); the translations concerned."""
        with self._lock:
            taken, self._waiting = self._waiting, Counter()
            self._written = time.monotonic()
        for (translation_id, day), reads in sorted(taken.items()):
            _add(session, translation_id, day, reads)
        return sorted({translation_id for translation_id, _day in taken})


def _add(session: Session, translation_id: int, day: date, reads: int) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(ArticleReads).values(translation_id=translation_id, day=day, reads=reads)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[ArticleReads.translation_id, ArticleReads.day],
            set_={"reads": ArticleReads.reads + sa.literal(reads)},
        )
    )


counter: Final = ReadCounter()
"""The counter of this process."""
