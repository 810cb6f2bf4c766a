"""What goes into the search and what comes out: plain values that every slice may hold."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

ARTICLE: Final = "article"
"""The kind of knowledge base articles; tickets say "ticket"."""

PUBLIC: Final = frozenset({"public"})
"""The audiences of a stranger."""

LOCALES: Final = ("en", "zh-Hans", "ja")
"""The languages that are searched."""

QUERY_MAX: Final = 200
"""Characters of a query that are read; the rest is ignored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """One text to be found, in one language. `body` and `headings` are plain text, without markup."""

    kind: str
    object_id: int
    locale: str
    audience: str
    """Who may find it: a free name, such as "public", "agents" or "customer:17"."""
    slug: str
    """Its public name: an article's slug, a ticket's reference."""
    title: str
    url: str
    updated_at: datetime
    headings: tuple[str, ...] = ()
    summary: str = ""
    tags: tuple[str, ...] = ()
    body: str = ""
    category: str = ""
    helpful: float = 0.0
    """Readers' verdict, from -1 (nobody was helped) to 1 (everybody was)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What a reader asks; `audiences` are all those the reader belongs to."""

    text: str
    locale: str
    kind: str = ARTICLE
    audiences: frozenset[str] = PUBLIC
    categories: frozenset[str] = frozenset()
    """Empty: all of them."""
    limit: int = 10
    offset: int = 0
    exact: bool = False
    """"Search instead for ...": leave the spelling alone."""
    other_languages: bool = True
    """Whether to look into the other languages when this one has little."""

    def instead(self, text: str) -> SearchQuery:
        """The same question in other words."""
        return replace(self, text=text)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a title or snippet; `marked` where it matches the question."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One thing found."""

    object_id: int
    locale: str
    slug: str
    title: str
    summary: str
    url: str
    category: str
    updated_at: datetime
    score: float
    title_parts: tuple[Part, ...] = ()
    snippet: tuple[Part, ...] = ()
    """Pieces around the best place of the text, for the template to mark and escape."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Showing results for `text`, search instead for `original`."""

    text: str
    original: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """What was found, best first."""

    hits: tuple[SearchHit, ...] = ()
    total: int = 0
    """All that match and are visible, at most 100."""
    correction: Correction | None = None
    other_languages: tuple[SearchHit, ...] = ()
    """Found in other languages than the reader's, when the reader's has little."""
    degraded: bool = False
    """True while the index is missing and the database answers in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One line under the field as one types: an article to open, or (without `url`) a question to ask."""

    text: str
    url: str | None = None
    object_id: int | None = None
    parts: tuple[Part, ...] = field(default=())
