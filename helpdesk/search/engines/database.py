"""The plain database as an engine: it reads every term map in scope.

Always right and never behind, but its time grows with the number of documents: it answers while an
index is missing, and in the tests of other slices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.search.models import IndexedDocument
from helpdesk.search.ports import Asked, Demand, Entry, Frequencies, Proposal, Scope, WeightedTerm
from helpdesk.search.queries import within
from helpdesk.search.ranking import K1, inverse_frequency
from helpdesk.search.termmap import key_of, read

_SCANNED = 20_000


class DatabaseIndex:
    """Proposes by reading the term maps themselves; needs no indexer."""

    name = "database"

    def propose(self, session: Session, asked: Sequence[Asked], *, limit: int) -> list[Proposal]:
        """The best of all documents in each scope."""
        return [_best(session, each.terms, each.scope, limit) for each in asked]

    def holding(self, session: Session, demands: Sequence[Demand], *, limit: int) -> list[int]:
        """The newest of all documents in each scope."""
        return [document for each in demands for document in _holding(session, each)[:limit]]

    def write(self, session: Session, entries: Sequence[Entry], removed: Sequence[tuple[int, str]]) -> None:
        """Nothing to do: the documents are the index."""

    def rebuild(self, session: Session, locale: str, entries: Iterable[Entry]) -> None:
        """Nothing to do either, but the entries are read, for their side effects on the rows."""
        del session, locale
        for _ in entries:
            pass

    def count(self, session: Session) -> int:
        """How many documents there are."""
        return session.scalar(sa.select(sa.func.count()).select_from(IndexedDocument)) or 0


def _newest(session: Session, scope: Scope) -> Sequence[Any]:
    statement = sa.select(IndexedDocument.id, IndexedDocument.terms, IndexedDocument.length).where(*within(scope))
    return session.execute(statement.order_by(IndexedDocument.id.desc()).limit(_SCANNED)).all()


def _holding(session: Session, demand: Demand) -> list[int]:
    keys = [[key_of(term) for term in need] for need in demand.needs]
    return [row.id for row in _newest(session, demand.scope) if all(any(read(row.terms, need)[0]) for need in keys)]


def _best(session: Session, terms: Sequence[WeightedTerm], scope: Scope, limit: int) -> Proposal:
    keys = [key_of(term.term) for term in terms]
    rows = _newest(session, scope)
    found = [(row.id, read(row.terms, keys)[0]) for row in rows]
    counts = {term.term: sum(1 for _, weights in found if weights[i]) for i, term in enumerate(terms)}
    mean = sum(row.length for row in rows) / (len(rows) or 1)
    known = Frequencies(counts, len(rows), mean)
    idf = [inverse_frequency(known, term.term) * term.weight for term in terms]
    scores = [
        (sum(i * w / (w + K1) for i, w in zip(idf, weights, strict=True)), document)
        for document, weights in found
        if any(weights)
    ]
    best = sorted(scores, reverse=True)[:limit]
    return Proposal([document for _, document in best], known, [score for score, _ in best])
