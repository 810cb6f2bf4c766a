"""The port behind which both engines stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session


class IndexUnavailable(Exception):
    """The engine's index is missing, broken, or made by another analyzer; it must be rebuilt."""


@dataclass(frozen=True, slots=True)
class WeightedTerm:
    """A term of a query; below 1.0 where it is a synonym or a guess."""

    term: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Scope:
    """What a search may see: the mandatory filter."""

    kind: str
    locale: str
    audiences: frozenset[str]
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """The terms of a question as they are looked for in one scope."""

    scope: Scope
    terms: Sequence[WeightedTerm]


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many documents each term stands, how many documents there are, and their mean length."""

    counts: dict[str, int]
    documents: int
    mean_length: float


@dataclass(frozen=True, slots=True)
class Demand:
    """What the documents of one scope must hold: a term of each of `needs`."""

    scope: Scope
    needs: Sequence[tuple[str, ...]]
    counts: Mapping[str, int]
    """In how many documents each term stands."""

    @property
    def rarest_first(self) -> list[tuple[str, ...]]:
        """The needs, those that fewest documents meet before the others."""
        return sorted(self.needs, key=self._met_by)

    @property
    def fewest(self) -> int:
        """How many documents meet them at most."""
        return min(map(self._met_by, self.needs), default=0)

    def _met_by(self, need: tuple[str, ...]) -> int:
        return sum(self.counts.get(term, 0) for term in need)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Ids of `search_document` that may be what is meant, and what the ranking must know of the terms."""

    ids: list[int]
    frequencies: Frequencies
    scores: list[float]
    """How well each of `ids` fits as the engine sees it, the best first; comparable among its own proposals."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as an engine stores it."""

    document_id: int
    kind: str
    locale: str
    audience: str
    category: str
    weights: dict[str, int]
    """Weighted frequency of each term."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexHealth:
    """How an index is."""

    engine: str
    available: bool
    documents: int = 0
    """In the index."""
    expected: int = 0
    """In the database."""
    waiting: int = 0
    """Changes that the indexer has not taken yet."""
    oldest_waiting: datetime | None = None


class SearchIndex(Protocol):
    """An engine that proposes candidates; the ranking orders them."""

    @property
    def name(self) -> str:
        """The engine's name, for people."""

    def propose(self, session: Session, asked: Sequence[Asked], *, limit: int) -> list[Proposal]:
        """At most `limit` candidates for each of `asked`, of one language each; raises `IndexUnavailable`."""

    def holding(self, session: Session, demands: Sequence[Demand], *, limit: int) -> list[int]:
        """The newest documents that hold what is demanded, at most `limit` of each; raises `IndexUnavailable`."""

    def write(self, session: Session, entries: Sequence[Entry], removed: Sequence[tuple[int, str]]) -> None:
        """Take in `entries`, take out `removed` (id and locale); only the indexer calls this."""

    def rebuild(self, session: Session, locale: str, entries: Iterable[Entry]) -> None:
        """Build one language anew beside the old one, then put it in its place."""

    def count(self, session: Session) -> int:
        """How many documents it holds; raises `IndexUnavailable`."""
