"""Whoosh on this machine's disk: one index a language, one writer (the indexer), many readers.

Whoosh stores postings and merges segments; the terms are ours, no query of a reader reaches its
parser. Readers open lazily, after fork, one a thread, and look for a newer generation every time.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from heapq import nlargest
from itertools import compress
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy.orm import Session
from whoosh.reading import TermNotFound

from helpdesk.search.analyze import ANALYZER_VERSION
from helpdesk.search.budget import POSTINGS_READ, pruned
from helpdesk.search.contracts import LOCALES
from helpdesk.search.engines.whoosh_build import build, codec, row_of
from helpdesk.search.engines.whoosh_files import Segment, blocks, term_name
from helpdesk.search.engines.whoosh_holding import holding
from helpdesk.search.engines.whoosh_storage import MappedStorage
from helpdesk.search.ports import Asked, Demand, Entry, Frequencies, IndexUnavailable, Proposal, Scope, WeightedTerm
from helpdesk.search.queries import frequencies
from helpdesk.search.ranking import K1, B, inverse_frequency

log = logging.getLogger(__name__)
_TRIES: Final = 3
_SEGMENTS_KEPT: Final = 40
T = TypeVar("T")


class WhooshIndex:
    """Index folders under `folder`/<analyzer version>/<locale>/, mode 0700."""

    name = "whoosh"

    def __init__(self, folder: Path) -> None:
        """Nothing is opened yet."""
        self.folder = folder / str(ANALYZER_VERSION)
        self._local = threading.local()
        self._segments: dict[str, Segment] = {}
        self._process = os.getpid()

    # Reading

    def propose(self, session: Session, asked: Sequence[Asked], *, limit: int) -> list[Proposal]:
        """The best by BM25 over the rarest terms that fit into the budget."""
        known = frequencies(session, asked)
        return [self._proposal(each.terms, its, each.scope, limit) for each, its in zip(asked, known, strict=True)]

    def holding(self, session: Session, demands: Sequence[Demand], *, limit: int) -> list[int]:
        """The rarest need first; what fewer documents hold is looked for in what is left."""
        del session
        found: list[int] = []
        for each in demands:
            found += self._tried(each.scope.locale, partial(self._holding, each, limit))
        return found

    def _proposal(self, terms: Sequence[WeightedTerm], known: Frequencies, scope: Scope, limit: int) -> Proposal:
        best = self._tried(scope.locale, partial(self._best, pruned(terms, known), known, scope, limit))
        return Proposal([document for _, document in best], known, [score for score, _ in best])

    def _tried(self, locale: str, read: Callable[[], list[T]]) -> list[T]:
        for attempt in range(_TRIES):
            try:
                return read()
            except IndexUnavailable:
                raise
            except Exception as error:
                self._forget(locale)
                if attempt == _TRIES - 1:
                    log.warning("The index of %s cannot be read.", locale, exc_info=True)
                    raise IndexUnavailable(locale) from error
        raise IndexUnavailable(locale)

    def _holding(self, demand: Demand, limit: int) -> list[int]:
        found: list[int] = []
        for leaf, _ in self._reader(demand.scope.locale).leaf_readers():
            if leaf.doc_count_all():
                segment = self._segment(leaf)
                allowed = segment.within(demand.scope, leaf.segment().deleted_docs())
                found += (segment.documents[number] for number in holding(leaf, demand, allowed))
        return nlargest(limit, found)

    def _best(
        self, terms: Sequence[WeightedTerm], known: Frequencies, scope: Scope, limit: int
    ) -> list[tuple[float, int]]:
        best: list[tuple[float, int]] = []
        for leaf, _ in self._reader(scope.locale).leaf_readers():
            if not leaf.doc_count_all():  # an empty index has a reader without a segment
                continue
            segment = self._segment(leaf)
            allowed = segment.within(scope, leaf.segment().deleted_docs())
            scores: dict[int, float] = {}
            for term in terms:
                idf = inverse_frequency(known, term.term) * term.weight
                _add(scores, leaf, term_name(scope.kind, term.term), idf, segment.lengths, allowed, known.mean_length)
            best += _largest(scores, segment.documents, limit)
        return sorted(best, reverse=True)[:limit]

    def count(self, session: Session) -> int:
        """How many documents all languages hold."""
        del session
        return sum(self._reader(locale).doc_count() for locale in LOCALES)

    def _reader(self, locale: str) -> Any:  # noqa: ANN401 - Whoosh has no types
        current = self._current(locale)
        opened = self._opened().get(locale)
        if opened is not None and opened[0] == current:
            _, ix, reader = opened
            if ix.latest_generation() == reader.generation():
                return reader
            reader = ix.reader(reuse=reader)
        else:
            ix = self._open(current)
            reader = ix.reader()
        self._opened()[locale] = (current, ix, reader)
        self._drop_old_segments()
        return reader

    def _opened(self) -> dict[str, tuple[Path, Any, Any]]:
        if self._process != os.getpid():  # after a fork: nothing of the parent's is used
            self._local, self._segments, self._process = threading.local(), {}, os.getpid()
        if not hasattr(self._local, "opened"):
            self._local.opened = {}
        opened: dict[str, tuple[Path, Any, Any]] = self._local.opened
        return opened

    def _forget(self, locale: str) -> None:
        self._opened().pop(locale, None)

    def _current(self, locale: str) -> Path:
        folder = self.folder / locale
        try:
            return folder / (folder / "current").readlink()
        except OSError as error:
            raise IndexUnavailable(locale) from error

    def _open(self, folder: Path) -> Any:  # noqa: ANN401 - Whoosh has no types
        for _ in range(_TRIES):
            try:
                return MappedStorage(str(folder)).open_index()
            except Exception as error:  # noqa: BLE001 - unreadable in whatever way
                last = error
        raise IndexUnavailable(str(folder)) from last

    def _segment(self, leaf: Any) -> Segment:  # noqa: ANN401 - Whoosh has no types
        name = leaf.segment().segment_id()
        if name not in self._segments:
            self._segments[name] = Segment(
                array("q", leaf.column_reader("document")),
                array("I", leaf.column_reader("length")),
                list(leaf.column_reader("scope")),
            )
        return self._segments[name]

    def _drop_old_segments(self) -> None:
        if len(self._segments) > _SEGMENTS_KEPT:
            self._segments = {}

    # Writing: the indexer only, under its lock

    def write(self, session: Session, entries: Sequence[Entry], removed: Sequence[tuple[int, str]]) -> None:
        """One commit a language that is touched."""
        del session
        for locale in LOCALES:
            mine = [entry for entry in entries if entry.locale == locale]
            gone = [document for document, its_locale in removed if its_locale == locale]
            if mine or gone:
                self._write(locale, mine, gone)

    def _write(self, locale: str, entries: Sequence[Entry], removed: Sequence[int]) -> None:
        writer = self._open(self._current(locale)).writer(timeout=30, codec=codec())
        try:
            for document in (*removed, *(entry.document_id for entry in entries)):
                writer.delete_by_term("key", str(document))
            for entry in entries:
                writer.add_document(**row_of(entry))
        except BaseException:
            writer.cancel()
            raise
        writer.commit()

    def rebuild(self, session: Session, locale: str, entries: Iterable[Entry]) -> None:
        """Build beside, then turn the link; the previous folder stays for those who still read it."""
        del session
        folder = self.folder / locale
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        number = 1 + max((int(path.name) for path in folder.iterdir() if path.name.isdigit()), default=0)
        fresh = folder / str(number)
        fresh.mkdir(mode=0o700)
        build(fresh, entries)
        _turn(folder, fresh)


def _turn(folder: Path, fresh: Path) -> None:
    link = folder / "current.new"
    link.unlink(missing_ok=True)
    link.symlink_to(fresh.name)
    link.rename(folder / "current")
    numbers = sorted(int(path.name) for path in folder.iterdir() if path.name.isdigit())
    for old in numbers[:-2]:
        shutil.rmtree(folder / str(old), ignore_errors=True)


def _largest(scores: dict[int, float], documents: Sequence[int], limit: int) -> list[tuple[float, int]]:
    """The best documents of a segment with their scores, and whatever is as good as the last of them."""
    least = min(nlargest(limit, scores.values()), default=0.0)
    return [(score, documents[number]) for number, score in scores.items() if score >= least]


def _add(  # noqa: PLR0917 - the innermost loop, flat on purpose
    scores: dict[int, float],
    leaf: Any,  # noqa: ANN401 - Whoosh has no types
    term: bytes,
    idf: float,
    lengths: Sequence[int],
    allowed: bytearray,
    mean: float,
) -> None:
    """Add what the term says of each document of the segment, by its number there."""
    left, known = POSTINGS_READ, scores.get
    least, more = K1 * (1.0 - B), K1 * B / mean
    try:
        for numbers, weights in blocks(leaf, term):
            for number, weight in compress(zip(numbers, weights, strict=True), map(allowed.__getitem__, numbers)):
                score = idf * weight / (weight + least + more * lengths[number])
                scores[number] = known(number, 0.0) + score
                left -= 1
            if left <= 0:
                return
    except TermNotFound:
        return
