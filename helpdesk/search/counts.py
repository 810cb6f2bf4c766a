"""How often each term and word occurs: kept by the indexer beside the index, exactly."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from helpdesk.search.analyze import stem_of, words
from helpdesk.search.contracts import ARTICLE
from helpdesk.search.models import (
    Collection,
    CountedDocument,
    IndexedDocument,
    TermCount,
    Word,
    WordDelete,
)
from helpdesk.search.ports import Entry
from helpdesk.search.spelling import delete_keys

_ROWS: Final = 2_000
_TermKey = tuple[str, str, str]


class Tally:
    """Changes of the counts, gathered and then written at once."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.terms: Counter[_TermKey] = Counter()
        self.words: Counter[_TermKey] = Counter()
        self.documents: list[dict[str, Any]] = []

    def add(self, row: IndexedDocument, entry: Entry) -> None:
        """Count a document."""
        its_words = _words_of(row) if row.kind == ARTICLE else set()
        self.terms.update((row.kind, row.locale, term) for term in entry.weights)
        self.words.update((row.locale, word, row.audience) for word in its_words)
        self.documents.append(
            {
                "document_id": row.id,
                "kind": row.kind,
                "locale": row.locale,
                "audience": row.audience,
                "packed": _packed(entry.weights, its_words),
            }
        )

    def take_out(self, counted: CountedDocument) -> None:
        """Discount what was counted of a document before."""
        terms, its_words = _unpacked(counted.packed)
        self.terms.subtract((counted.kind, counted.locale, term) for term in terms)
        self.words.subtract((counted.locale, word, counted.audience) for word in its_words)

    def store(self, session: Session) -> None:
        """Replace all counts by these."""
        for table in (CountedDocument, TermCount, Word, WordDelete):
            session.execute(sa.delete(table))
        self.apply(session)

    def apply(self, session: Session) -> None:
        """Add these changes to the counts."""
        _change(session, TermCount, ("kind", "locale", "term"), self.terms)
        _change(session, Word, ("locale", "word", "audience"), self.words, more=_stem_of)
        _store_deletes(session, {(key[0], key[1]) for key, count in self.words.items() if count > 0})
        for batch in _batches(self.documents):
            session.execute(sa.insert(CountedDocument), batch)
        _measure(session)


def replace(
    session: Session, rows: Sequence[IndexedDocument], entries: Sequence[Entry], removed: Sequence[tuple[int, str]]
) -> None:
    """Count `rows` as they are now, and `removed` no more."""
    tally = Tally()
    ids = {row.id for row in rows} | {document for document, _ in removed}
    for counted in session.scalars(sa.select(CountedDocument).where(CountedDocument.document_id.in_(ids))):
        tally.take_out(counted)
    session.execute(sa.delete(CountedDocument).where(CountedDocument.document_id.in_(ids)))
    for row, entry in zip(rows, entries, strict=True):
        tally.add(row, entry)
    tally.apply(session)


def _words_of(row: IndexedDocument) -> set[str]:
    return words(" ".join((row.title, *row.headings, row.summary, *row.tags, row.body)))


def _packed(terms: Iterable[str], its_words: Iterable[str]) -> bytes:
    return zlib.compress("\n".join((" ".join(terms), " ".join(its_words))).encode(), 1)


def _unpacked(packed: bytes) -> tuple[list[str], list[str]]:
    terms, its_words = zlib.decompress(packed).decode().split("\n")
    return terms.split(), its_words.split()


def _stem_of(key: _TermKey) -> dict[str, str]:
    return {"stem": stem_of(key[1])}


def _nothing(_: _TermKey) -> dict[str, str]:
    return {}


def _change(
    session: Session,
    table: Any,  # noqa: ANN401 - a model
    keys: tuple[str, str, str],
    changes: Counter[_TermKey],
    *,
    more: Callable[[_TermKey], dict[str, str]] = _nothing,
) -> None:
    rows = (
        {**dict(zip(keys, key, strict=True)), **more(key), "documents": count}
        for key, count in sorted(changes.items())
        if count
    )
    statement = _insert(session)(table)
    statement = statement.on_conflict_do_update(
        index_elements=list(keys), set_={"documents": table.documents + statement.excluded.documents}
    )
    for batch in _batches(rows):
        session.execute(statement, batch)
    if any(count < 0 for count in changes.values()):
        session.execute(sa.delete(table).where(table.documents <= 0))


def _store_deletes(session: Session, fresh: set[tuple[str, str]]) -> None:
    rows = ({"locale": locale, "key": key, "word": word} for locale, word in sorted(fresh) for key in delete_keys(word))
    statement = _insert(session)(WordDelete).on_conflict_do_nothing()
    for batch in _batches(rows):
        session.execute(statement, batch)


def _measure(session: Session) -> None:
    session.execute(sa.delete(Collection))
    document = IndexedDocument
    session.execute(
        sa.insert(Collection).from_select(
            ["kind", "locale", "documents", "mean_length"],
            sa.select(document.kind, document.locale, sa.func.count(), sa.func.avg(document.length)).group_by(
                document.kind, document.locale
            ),
        )
    )


def _insert(session: Session) -> Any:  # noqa: ANN401 - a function of either dialect
    return sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, _ROWS)):
        yield batch
