"""PostgreSQL full text: a stored tsvector of our own terms, GIN, `ts_rank`; for several web hosts.

A term has one position whose class tells its weight, so `ts_rank` saturates as BM25 does; it knows no
rarity, therefore the terms are asked in groups of like rarity and the groups weighed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Session

from helpdesk.search.analyze import ANALYZER_VERSION
from helpdesk.search.budget import pruned
from helpdesk.search.models import IndexState, SearchVector
from helpdesk.search.ports import Entry, Frequencies, IndexUnavailable, Proposal, Scope, WeightedTerm
from helpdesk.search.queries import frequencies
from helpdesk.search.ranking import inverse_frequency

_CLASSES: Final = ((8, "A"), (4, "B"), (2, "C"), (0, "D"))
_WEIGHTS: Final = "{0.45,0.62,0.77,0.9}"
"""Of D, C, B, A: tf / (tf + 1.2) for 1, 2, 4 and 10."""
_BATCH: Final = 500
_GROUP: Final = 4


class PostgresIndex:
    """The table `search_vector` in the application's own database."""

    name = "postgres"

    def propose(self, session: Session, terms: Sequence[WeightedTerm], scope: Scope, *, limit: int) -> Proposal:
        """The best by `ts_rank` of the rarest terms that fit into the budget."""
        if session.get_bind().dialect.name != "postgresql":
            raise IndexUnavailable(self.name)
        known = frequencies(session, scope, terms)
        asked = pruned(terms, known)
        ids = self._ask(session, asked, known, scope, limit) if asked else []
        if not ids:
            self._check(session)
        return Proposal(ids, known)

    def _ask(
        self, session: Session, asked: list[WeightedTerm], known: Frequencies, scope: Scope, limit: int
    ) -> list[int]:
        groups = _groups(asked, known)
        values: dict[str, Any] = {
            "kind": scope.kind,
            "locale": scope.locale,
            "audiences": sorted(scope.audiences),
            "categories": sorted(scope.categories),
            "asked": _any_of(asked),
            "limit": limit,
        }
        for number, group in enumerate(groups):
            values[f"group{number}"] = _any_of(group)
            values[f"worth{number}"] = sum(_worth(term, known) for term in group)
        statement = _statement(len(groups), in_category=bool(scope.categories))
        return list(session.scalars(statement, values))

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
        _keep_inline(session)
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


def _keep_inline(session: Session) -> None:
    """Keep vectors in the table's own pages: out of line they cost ten times as much, unknown to the planner."""
    storage = sa.text(
        "SELECT attstorage FROM pg_attribute WHERE attrelid = 'search_vector'::regclass AND attname = 'vector'"
    )
    if session.scalars(storage).one() not in {"m", b"m"}:
        session.execute(sa.text("ALTER TABLE search_vector ALTER vector SET STORAGE MAIN"))


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


def _any_of(terms: Sequence[WeightedTerm]) -> str:
    return " | ".join(_quoted(term.term) for term in terms)


def _groups(terms: Sequence[WeightedTerm], known: Frequencies) -> list[list[WeightedTerm]]:
    """Terms of like rarity together, the rarest first."""
    by_rarity = sorted(terms, key=lambda term: -_worth(term, known))
    return [by_rarity[start : start + _GROUP] for start in range(0, len(by_rarity), _GROUP)]


@lru_cache(maxsize=16)
def _statement(groups: int, *, in_category: bool) -> sa.TextClause:
    """The sum over the groups of their worth times `ts_rank`, which divides by the number of its terms."""
    rank = " + ".join(
        f"CAST(:worth{n} AS real) * ts_rank('{_WEIGHTS}', vector, CAST(:group{n} AS tsquery))" for n in range(groups)
    )
    category = "AND category = ANY(:categories)" if in_category else ""
    return sa.text(
        f"SELECT document_id FROM search_vector WHERE kind = :kind AND locale = :locale "  # noqa: S608 - no values in it
        f"AND audience = ANY(:audiences) {category} AND vector @@ CAST(:asked AS tsquery) "
        f"ORDER BY {rank} DESC, document_id LIMIT :limit"
    )


def _worth(term: WeightedTerm, known: Frequencies) -> float:
    return inverse_frequency(known, term.term) * term.weight


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    iterator = iter(entries)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
