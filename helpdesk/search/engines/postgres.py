"""PostgreSQL full text: a stored tsvector of our own terms, GIN, `ts_rank`; for several web hosts.

A term has one position whose class tells its weight, so `ts_rank` saturates as BM25 does; it knows no
rarity, therefore the terms are asked in groups of like rarity and the groups weighed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Session

from helpdesk.search.analyze import ANALYZER_VERSION
from helpdesk.search.budget import POSTINGS_READ, pruned
from helpdesk.search.engines.postgres_queries import any_of, holding, quoted, room, rooms
from helpdesk.search.models import IndexState, SearchVector
from helpdesk.search.ports import Asked, Demand, Entry, Frequencies, IndexUnavailable, Proposal, Scope, WeightedTerm
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

    def propose(self, session: Session, asked: Sequence[Asked], *, limit: int) -> list[Proposal]:
        """The best by `ts_rank` of the rarest terms that fit into the budget; one statement for all of `asked`."""
        if session.get_bind().dialect.name != "postgresql":
            raise IndexUnavailable(self.name)
        known = frequencies(session, asked)
        parts = [_Part(each.scope, pruned(each.terms, its), its) for each, its in zip(asked, known, strict=True)]
        found = _found(session, parts, limit)
        if not any(found):
            self._check(session)
        return [
            Proposal([document for document, _ in best], its, [score for _, score in best])
            for best, its in zip(found, known, strict=True)
        ]

    def holding(self, session: Session, demands: Sequence[Demand], *, limit: int) -> list[int]:
        """One statement for all of `demands`."""
        if session.get_bind().dialect.name != "postgresql":
            raise IndexUnavailable(self.name)
        found = list(session.scalars(*holding(demands, limit))) if demands else []
        if not found:
            self._check(session)
        return found

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
        "vector": " ".join(
            (
                quoted(room(entry.kind, entry.locale, entry.audience)),
                *(f"{quoted(term)}:1{_class(weight)}" for term, weight in entry.weights.items()),
            )
        ),
    }


def _class(weight: int) -> str:
    return next(name for least, name in _CLASSES if weight >= least)


def _groups(terms: Sequence[WeightedTerm], known: Frequencies) -> list[list[WeightedTerm]]:
    """Terms of like rarity together, the rarest first."""
    by_rarity = sorted(terms, key=lambda term: -_worth(term, known))
    return [by_rarity[start : start + _GROUP] for start in range(0, len(by_rarity), _GROUP)]


@dataclass(frozen=True, slots=True)
class _Part:
    """What is asked in one scope."""

    scope: Scope
    terms: list[WeightedTerm]
    known: Frequencies

    @property
    def groups(self) -> list[list[WeightedTerm]]:
        return _groups(self.terms, self.known)

    @property
    def shape(self) -> tuple[int, bool, bool]:
        """What its statement depends on: how many groups, whether by category, whether of the newest alone."""
        many = sum(self.known.counts[term.term] for term in self.terms) > POSTINGS_READ
        return len(self.groups), bool(self.scope.categories), many

    def values(self, number: int) -> dict[str, Any]:
        """Its parameters, told apart by its `number`."""
        scope = self.scope
        values: dict[str, Any] = {
            f"kind{number}": scope.kind,
            f"locale{number}": scope.locale,
            f"audiences{number}": sorted(scope.audiences),
            f"categories{number}": sorted(scope.categories),
            f"asked{number}": f"({any_of(term.term for term in self.terms)}) & {rooms(scope)}",
        }
        for place, group in enumerate(self.groups):
            values[f"group{number}_{place}"] = any_of(term.term for term in group)
            values[f"worth{number}_{place}"] = sum(_worth(term, self.known) for term in group)
        return values


def _found(session: Session, parts: Sequence[_Part], limit: int) -> list[list[tuple[int, float]]]:
    """Documents and ranks of each part, the best first."""
    found: list[list[tuple[int, float]]] = [[] for _ in parts]
    numbered = [(number, part) for number, part in enumerate(parts) if part.terms]
    if not numbered:
        return found
    values: dict[str, Any] = {"limit": limit, "most": POSTINGS_READ}
    for number, part in numbered:
        values |= part.values(number)
    statement = _statement(tuple((number, *part.shape) for number, part in numbered))
    for number, document, score in session.execute(statement, values):
        found[number].append((document, score))
    return found


@lru_cache(maxsize=64)
def _statement(shapes: tuple[tuple[int, int, bool, bool], ...]) -> sa.TextClause:
    return sa.text(" UNION ALL ".join(f"({_part(*shape)})" for shape in shapes))


def _part(number: int, groups: int, in_category: bool, many: bool) -> str:  # noqa: FBT001 - a cache key's parts
    """The sum over the groups of their worth times `ts_rank`, which divides by the number of its terms."""
    rank = " + ".join(
        f"CAST(:worth{number}_{n} AS real) * ts_rank('{_WEIGHTS}', vector, CAST(:group{number}_{n} AS tsquery))"
        for n in range(groups)
    )
    category = f"AND category = ANY(:categories{number})" if in_category else ""
    newest = "ORDER BY document_id DESC LIMIT :most" if many else ""
    return (
        f"SELECT {number}, document_id, {rank} AS score FROM ("  # noqa: S608 - no values in it
        f"SELECT document_id, vector FROM search_vector WHERE kind = :kind{number} AND locale = :locale{number} "
        f"AND audience = ANY(:audiences{number}) {category} AND vector @@ CAST(:asked{number} AS tsquery) {newest}"
        ") AS matching ORDER BY score DESC, document_id DESC LIMIT :limit"
    )


def _worth(term: WeightedTerm, known: Frequencies) -> float:
    return inverse_frequency(known, term.term) * term.weight


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    iterator = iter(entries)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
