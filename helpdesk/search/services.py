"""The search's use cases: index, remove, search, suggest, remember."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.search.contracts import SearchAnswer, SearchDocument, SearchQuery, Suggestion
from helpdesk.search.ports import SearchIndex


def index_document(session: Session, document: SearchDocument, *, now: datetime) -> None:
    """Make `document` findable: its row at once, the engine's index within two seconds of the commit."""
    raise NotImplementedError


def remove_document(session: Session, *, kind: str, object_id: int, locale: str, now: datetime) -> None:
    """Make it unfindable, at once; nothing happens if it was not there."""
    raise NotImplementedError


def search(session: Session, query: SearchQuery, *, index: SearchIndex | None = None) -> SearchAnswer:
    """Answer `query`; without an `index` (or with a broken one) from the database, marked as degraded."""
    raise NotImplementedError


def suggest(
    session: Session,
    text: str,
    *,
    locale: str,
    audiences: frozenset[str],
    limit: int = 6,
    index: SearchIndex | None = None,
) -> list[Suggestion]:
    """What the reader may mean while typing; with an `index` also whole questions are understood."""
    raise NotImplementedError
