"""What the worker and the web processes hold: the index of this installation, and the indexer's step."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy.orm import Session

from helpdesk.clock import utc_now
from helpdesk.config import Settings
from helpdesk.db import writing
from helpdesk.extensions import db
from helpdesk.jobs import Daily, register
from helpdesk.search import indexer, services
from helpdesk.search.contracts import SearchAnswer, SearchQuery
from helpdesk.search.engines.postgres import PostgresIndex
from helpdesk.search.engines.whoosh import WhooshIndex
from helpdesk.search.ports import IndexUnavailable, SearchIndex

_indexes: dict[tuple[str, Path], SearchIndex] = {}


def get_index(settings: Settings) -> SearchIndex:
    """The index that `settings` name, one a process; nothing is opened before the first question."""
    key = (settings.search_engine, settings.var)
    if key not in _indexes:
        _indexes[key] = PostgresIndex() if key[0] == "postgres" else WhooshIndex(settings.var / "search")
    return _indexes[key]


def lock_of(settings: Settings) -> Path:
    """The file whose lock makes a process the indexer."""
    return settings.var / "search" / "indexer.lock"


def ensure_index() -> int:
    """Build the index of the running application if it is missing or behind; returns how much was done."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - Flask's way
    return index_once(app)


def index_once(app: Flask, *, now: datetime | None = None) -> int:
    """One step of the worker's loop: rebuild a missing index, else drain what waits; returns how many rows."""
    settings: Settings = app.config["HELPDESK"]
    index, lock = get_index(settings), lock_of(settings)
    with app.app_context():
        sessions = db.sessionmaker
        if not indexer.is_current(sessions, index):
            return indexer.rebuild(sessions, index, lock=lock, now=now or utc_now())
        taken = 0
        try:
            while batch := indexer.drain(sessions, index, lock=lock):
                taken += batch
        except IndexUnavailable:
            return taken + indexer.rebuild(sessions, index, lock=lock, now=now or utc_now())
        return taken


def remember(app: Flask, query: SearchQuery, answer: SearchAnswer, *, now: datetime | None = None) -> int:
    """Log a question in a short transaction of its own, for requests that only read; returns the id for clicks."""
    with app.app_context(), writing(), db.sessionmaker() as session:
        row = services.log_query(session, query, answer, now=now or utc_now())
        session.commit()
        return row.id


def learn_questions(session: Session, now: datetime) -> int:
    """Turn frequent public questions of the last months into suggestions, once a night; returns how many."""
    return services.learn_questions(session, now=now)


register("search.learn_questions", Daily(at=time(3, 15)), learn_questions)
