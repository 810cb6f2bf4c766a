"""The indexer: the one process that writes the index, from rows written in the documents' transactions."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.db import only_read, writing
from helpdesk.search import counts
from helpdesk.search.analyze import ANALYZER_VERSION
from helpdesk.search.contracts import LOCALES
from helpdesk.search.models import IndexedDocument, IndexState, OutboxRow
from helpdesk.search.ports import Entry, IndexHealth, IndexUnavailable, SearchIndex
from helpdesk.search.services import derive, fields_of
from helpdesk.search.termmap import weights

Sessions = Callable[[], Session]
Progress = Callable[[int, int], None]
BATCH: Final = 200
_COUNTS: Final = "counts"
_READ: Final = 200


@contextmanager
def only_indexer(lock: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the lock that makes this process the indexer; gives False if another one is and `wait` is off."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(handle)


def drain(sessions: Sessions, index: SearchIndex, *, lock: Path, limit: int = BATCH) -> int:
    """Take one batch of waiting changes into the index; returns how many, 0 if another process is at it.

    Killed at any point, it loses nothing: rows leave the outbox in the transaction that counts them,
    after the index has them, and taking a row twice changes nothing. Raises `IndexUnavailable`.
    """
    with only_indexer(lock, wait=False) as mine:
        return _drain(sessions, index, limit) if mine else 0


def _drain(sessions: Sessions, index: SearchIndex, limit: int) -> int:
    with _reading(), sessions() as session:
        waiting = session.execute(
            sa.select(OutboxRow.id, OutboxRow.document_id, OutboxRow.locale).order_by(OutboxRow.id).limit(limit)
        ).all()
        ids = {row.document_id for row in waiting}
        rows = list(session.scalars(sa.select(IndexedDocument).where(IndexedDocument.id.in_(ids))))
        session.expunge_all()
    if not waiting:
        return 0
    entries = [entry_of(row) for row in rows]
    present = {(row.id, row.locale) for row in rows}
    removed = [pair for pair in dict.fromkeys((row.document_id, row.locale) for row in waiting) if pair not in present]
    with writing(), sessions() as session:
        index.write(session, entries, removed)
        counts.replace(session, rows, entries, removed)
        session.execute(sa.delete(OutboxRow).where(OutboxRow.id.in_([row.id for row in waiting])))
        session.commit()
    return len(waiting)


def entry_of(row: IndexedDocument) -> Entry:
    """A row as the engines store it."""
    return Entry(row.id, row.kind, row.locale, row.audience, row.category, weights(fields_of(row), row.locale))


def rebuild(
    sessions: Sessions, index: SearchIndex, *, lock: Path, now: datetime, progress: Progress | None = None
) -> int:
    """Build the index anew from the database, beside the old one, which answers until the end; returns its size."""
    with only_indexer(lock, wait=True):
        _derive_outdated(sessions)
        tally = counts.Tally()
        with _reading(), sessions() as session:
            taken = session.scalars(sa.select(sa.func.max(OutboxRow.id))).one() or 0
            total = session.scalars(sa.select(sa.func.count()).select_from(IndexedDocument)).one()
            done = _Progress(total, progress)
            for locale in LOCALES:
                index.rebuild(session, locale, _entries(session, locale, tally, done))
            session.commit()
        with writing(), sessions() as session:
            tally.store(session)
            for engine in (_COUNTS, index.name):
                session.merge(IndexState(engine=engine, analyzer=ANALYZER_VERSION, built_at=now))
            session.execute(sa.delete(OutboxRow).where(OutboxRow.id <= taken))
            session.commit()
    return total


@contextmanager
def _reading() -> Iterator[None]:
    only_read(on=True)
    try:
        yield
    finally:
        only_read(on=False)


def _derive_outdated(sessions: Sessions) -> None:
    """Bring rows that an older analyzer made up to date, in short transactions."""
    outdated = (
        sa.select(IndexedDocument)
        .where(IndexedDocument.analyzer != ANALYZER_VERSION)
        .order_by(IndexedDocument.id)
        .limit(_READ)
    )
    with writing(), sessions() as session:
        while rows := list(session.scalars(outdated)):
            for row in rows:
                derive(row)
            session.commit()
            session.expunge_all()


class _Progress:
    def __init__(self, total: int, tell: Progress | None) -> None:
        self.total, self.done, self.tell = total, 0, tell

    def one(self) -> None:
        self.done += 1
        if self.tell and (self.done % 50 == 0 or self.done == self.total):
            self.tell(self.done, self.total)


def _entries(session: Session, locale: str, tally: counts.Tally, done: _Progress) -> Iterator[Entry]:
    last = 0
    while True:
        statement = (
            sa.select(IndexedDocument)
            .where(IndexedDocument.locale == locale, IndexedDocument.id > last)
            .order_by(IndexedDocument.id)
            .limit(_READ)
        )
        rows = list(session.scalars(statement))
        if not rows:
            return
        for row in rows:
            entry = entry_of(row)
            tally.add(row, entry)
            yield entry
            done.one()
        last = rows[-1].id
        session.expunge_all()


def is_current(sessions: Sessions, index: SearchIndex) -> bool:
    """Whether the index is there and was made by this analyzer."""
    with _reading(), sessions() as session:
        try:
            index.count(session)
        except Exception:  # noqa: BLE001 - broken in whatever way
            session.rollback()
            return False
        return session.scalars(sa.select(IndexState.analyzer).where(IndexState.engine == _COUNTS)).first() == (
            ANALYZER_VERSION
        )


def health(session: Session, index: SearchIndex) -> IndexHealth:
    """How the index is, and how far behind."""
    expected = session.scalars(sa.select(sa.func.count()).select_from(IndexedDocument)).one()
    waiting, oldest = session.execute(sa.select(sa.func.count(), sa.func.min(OutboxRow.created_at))).one()
    try:
        documents, available = index.count(session), True
    except IndexUnavailable:
        documents, available = 0, False
    return IndexHealth(
        engine=index.name,
        available=available,
        documents=documents,
        expected=expected,
        waiting=waiting,
        oldest_waiting=oldest,
    )
