"""An installation of the search with a database and an index of its own: the indexer commits."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from helpdesk.app import sqlite_driver
from helpdesk.db import Base, open_sqlite_well
from helpdesk.search import indexer, services
from helpdesk.search.contracts import SearchAnswer, SearchDocument, SearchQuery
from helpdesk.search.engines.database import DatabaseIndex
from helpdesk.search.engines.postgres import PostgresIndex
from helpdesk.search.engines.whoosh import WhooshIndex
from helpdesk.search.models import CountedDocument, TermCount, Word
from helpdesk.search.ports import SearchIndex
from tests.conftest import drop_database, fresh_database_url

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def article(object_id: int = 1, **changes: Any) -> SearchDocument:
    """A public English article; say only what differs."""
    values: dict[str, Any] = {
        "kind": "article",
        "object_id": object_id,
        "locale": "en",
        "audience": "public",
        "slug": f"article-{object_id}",
        "title": f"Article {object_id}",
        "url": f"/en/article-{object_id}",
        "updated_at": NOW,
    }
    return SearchDocument(**(values | changes))


@dataclass(frozen=True)
class Desk:
    """A database, an index, a lock."""

    sessions: sessionmaker[Session]
    index: SearchIndex
    folder: Path

    @property
    def lock(self) -> Path:
        """The indexer's lock."""
        return self.folder / "indexer.lock"

    def save(self, *documents: SearchDocument) -> None:
        """Index in one transaction, as an editor's request does."""
        with self.sessions() as session:
            for document in documents:
                services.index_document(session, document, now=NOW)
            session.commit()

    def remove(self, object_id: int, locale: str = "en") -> None:
        """Take an article away."""
        with self.sessions() as session:
            services.remove_document(session, kind="article", object_id=object_id, locale=locale, now=NOW)
            session.commit()

    def drain(self) -> int:
        """One batch of the indexer."""
        return indexer.drain(self.sessions, self.index, lock=self.lock)

    def rebuild(self) -> int:
        """The index anew."""
        return indexer.rebuild(self.sessions, self.index, lock=self.lock, now=NOW)

    def ask(self, text: str, locale: str = "en", **more: Any) -> SearchAnswer:
        """Search in a session of its own, as every request does."""
        with self.sessions() as session:
            return services.search(session, SearchQuery(text=text, locale=locale, **more), index=self.index)

    def slugs(self, text: str, locale: str = "en", **more: Any) -> list[str]:
        """Only the names of what is found, best first."""
        return [hit.slug for hit in self.ask(text, locale, **more).hits]


def counts_of(desk: Desk) -> list[object]:
    """All counts, to compare."""
    with desk.sessions() as session:
        tables = (TermCount, Word)
        rows = [tuple(row) for table in tables for row in session.execute(sa.select(*table.__table__.columns)).all()]
        documents = session.scalars(sa.select(CountedDocument.document_id)).all()
    return [sorted(map(str, rows)), sorted(documents)]


def engine_of(url: str) -> sa.Engine:
    """An engine as the application makes it."""
    if not url.startswith("sqlite"):
        return sa.create_engine(url)
    engine = sa.create_engine(url, module=sqlite_driver())
    open_sqlite_well(engine, synchronous="NORMAL")
    return engine


def index_named(name: str, folder: Path) -> SearchIndex:
    """The engine of that name."""
    if name == "postgres":
        return PostgresIndex()
    return WhooshIndex(folder / "search") if name == "whoosh" else DatabaseIndex()


def _desk(name: str, folder: Path, worker: str) -> Iterator[Desk]:
    if name == "postgres" and not os.environ.get("HELPDESK_TEST_DATABASE_URL"):
        pytest.skip("HELPDESK_TEST_DATABASE_URL names no PostgreSQL server")
    url = fresh_database_url(folder, f"search_{worker}")
    engine = engine_of(url)
    Base.metadata.create_all(engine)
    desk = Desk(sessionmaker(engine, expire_on_commit=False), index_named(name, folder), folder)
    desk.rebuild()
    yield desk
    engine.dispose()
    drop_database(url)


@pytest.fixture(params=["whoosh", "postgres", "database"])
def desk(request: pytest.FixtureRequest, tmp_path: Path, worker_name: str) -> Iterator[Desk]:
    """An installation with each engine in turn."""
    yield from _desk(request.param, tmp_path, worker_name)


@pytest.fixture
def whoosh_desk(tmp_path: Path, worker_name: str) -> Iterator[Desk]:
    """An installation with Whoosh."""
    yield from _desk("whoosh", tmp_path, worker_name)
