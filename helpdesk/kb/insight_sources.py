"""What slices above this one know of the knowledge base's gaps: they offer it here, the Insights page shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class AskedAnyway:
    """Tickets of one topic in one language, and the article that their writers had before them, if any."""

    topic: str
    """In the words of the editor's language."""
    locale: str
    slug: str
    tickets: tuple[str, ...]
    """Their numbers, the newest first."""


@dataclass(frozen=True, slots=True)
class Deflection:
    """An article that was opened while tickets were written: how often, and how many were sent all the same."""

    slug: str
    locale: str
    opened: int
    sent: int

    @property
    def spared(self) -> int:
        """Tickets that were not needed any more."""
        return self.opened - self.sent


AskedSource = Callable[[Session, datetime], Sequence[AskedAnyway]]
DeflectionSource = Callable[[Session, datetime], Sequence[Deflection]]
FollowedSource = Callable[[Session, datetime], Mapping[str, tuple[str, ...]]]

_asked: list[AskedSource] = []
_deflections: list[DeflectionSource] = []
_followed: list[FollowedSource] = []


def provide_asked_anyway(source: AskedSource) -> None:
    """Offer `source(session, since)`: tickets by topic and article."""
    _asked[:] = [source]


def provide_deflections(source: DeflectionSource) -> None:
    """Offer `source(session, since)`: which articles spared a ticket."""
    _deflections[:] = [source]


def provide_followed(source: FollowedSource) -> None:
    """Offer `source(session, since)`: tickets that followed a search, by its words in small letters."""
    _followed[:] = [source]


def followed(session: Session, *, since: datetime) -> dict[str, tuple[str, ...]]:
    """Tickets by the search after which they were opened."""
    return {words: tickets for source in _followed for words, tickets in source(session, since).items()}


def asked_anyway(session: Session, *, since: datetime) -> list[AskedAnyway]:
    """Tickets by topic and article, the most first."""
    found = [one for source in _asked for one in source(session, since)]
    return sorted(found, key=lambda one: -len(one.tickets))


def deflections(session: Session, *, since: datetime) -> list[Deflection]:
    """Articles opened instead of a ticket, the most opened first."""
    found = [one for source in _deflections for one in source(session, since)]
    return sorted(found, key=lambda one: (-one.opened, one.slug))
