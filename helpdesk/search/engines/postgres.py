"""PostgreSQL full text: a stored tsvector of our own terms, GIN, `ts_rank`; for several web hosts.

A term has one position whose class tells its weight, so `ts_rank` saturates as BM25 does; it knows no
rarity, therefore the terms are asked in groups of like rarity and the groups weighed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, REAL, TSQUERY, TSVECTOR
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Session

from helpdesk.search.analyze import ANALYZER_VERSION
from helpdesk.search.budget import pruned
from helpdesk.search.models import IndexState, SearchVector
from helpdesk.search.ports import Entry, Frequencies, IndexUnavailable, Proposal, Scope, WeightedTerm
from helpdesk.search.queries import frequencies
from helpdesk.search.ranking import inverse_frequency

_CLASSES: Final = ((8, "A"), (4, "B"), (2, "C"), (0, "D"))
_WEIGHTS: Final = [0.45, 0.62, 0.77, 0.9]
"""Of D, C, B, A: tf / (tf + 1.2) for 1, 2, 4 and 10."""
_BATCH: Final = 500
_GROUP: Final = 6


class PostgresIndex:
    """The table `search_vector` in the application's own database."""

    name = "postgres"

    def propose(self, session: Session, terms: Sequence[WeightedTerm], scope: Scope, *, limit: int) -> Proposal:
        """The best by `ts_rank` of the rarest terms that fit into the budget."""
        self._check(session)
        known = frequencies(session, scope, terms)
        asked = pruned(terms, known)
        if not asked:
            return Proposal([], known)
        vector = SearchVector
        statement = (
            sa.select(vector.document_id)
            .where(
                vector.kind == scope.kind,
                vector.locale == scope.locale,
                vector.audience.in_(sorted(scope.audiences)),
                vector.vector.op("@@")(_any_of(asked)),
            )
            .order_by(_rank(asked, known).desc(), vector.document_id)
            .limit(limit)
        )
        if scope.categories:
            statement = statement.where(vector.category.in_(sorted(scope.categories)))
        return Proposal(list(session.scalars(statement)), known)

    def _check(self, session: Session) -> None:
        state = session.get(IndexState, self.name)
        if session.get_bind().dialect.name != "postgresql" or state is None or state.analyzer != ANALYZER_VERSION:
            raise IndexUnavailable(self.name)

    def count(self, session: Session) -> int:
        """How many documents all languages hold."""
        self._check(session)
        return session.scalar(sa.select(sa.func.count()).select_from(SearchVector)) or 0

    def write(self, session: Session, entries: Sequence[Entry], removed: Sequence[tuple[int, str]]) -> None:
        """Within the indexer's transaction."""
        gone = [document for document, _ in removed]
        if gone:
            session.execute(sa.delete(SearchVector).where(SearchVector.document_id.in_(gone)))
        if entries:
            self._store(session, entries)

    def rebuild(self, session: Session, locale: str, entries: Iterable[Entry]) -> None:
        """In one transaction: readers see the old rows until it commits."""
        session.execute(sa.delete(SearchVector).where(SearchVector.locale == locale))
        for batch in _batches(entries):
            self._store(session, batch)

    def _store(self, session: Session, entries: Sequence[Entry]) -> None:
        statement = pg_insert(SearchVector)
        columns = ("kind", "locale", "audience", "category", "vector")
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["document_id"], set_={name: statement.excluded[name] for name in columns}
            ),
            [_row(entry) for entry in entries],
        )


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "document_id": entry.document_id,
        "kind": entry.kind,
        "locale": entry.locale,
        "audience": entry.audience,
        "category": entry.category,
        "vector": " ".join(f"{_quoted(term)}:1{_class(weight)}" for term, weight in entry.weights.items()),
    }


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def _class(weight: int) -> str:
    return next(name for least, name in _CLASSES if weight >= least)


def _any_of(terms: Sequence[WeightedTerm]) -> sa.ColumnElement[Any]:
    return sa.cast(" | ".join(_quoted(term.term) for term in terms), TSQUERY)


def _rank(terms: Sequence[WeightedTerm], known: Frequencies) -> sa.ColumnElement[Any]:
    """The sum over groups of terms of like rarity: rarity times `ts_rank` (which divides by their number)."""
    by_rarity = sorted(terms, key=lambda term: -_worth(term, known))
    groups = [by_rarity[start : start + _GROUP] for start in range(0, len(by_rarity), _GROUP)]
    weights = sa.cast(_WEIGHTS, ARRAY(REAL))
    vector = sa.cast(SearchVector.vector, TSVECTOR)
    parts = [
        sum(_worth(term, known) for term in group) * sa.func.ts_rank(weights, vector, _any_of(group))
        for group in groups
    ]
    total = parts[0]
    for part in parts[1:]:
        total += part
    return total


def _worth(term: WeightedTerm, known: Frequencies) -> float:
    return inverse_frequency(known, term.term) * term.weight


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    iterator = iter(entries)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
