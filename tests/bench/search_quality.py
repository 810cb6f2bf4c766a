"""Quality and speed of both engines: `python -m tests.bench.search_quality CORPUS...` (or HELPDESK_CORPUS).

Prints MRR@10 / recall@10 by kind and locale for the tune and the test half, with Whoosh and, where
HELPDESK_TEST_DATABASE_URL names a server, PostgreSQL. `--write FOLDER` keeps the questions as JSON lines.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import sessionmaker

from helpdesk.app import sqlite_driver
from helpdesk.db import Base, only_read, open_sqlite_well, writing
from helpdesk.search import indexer
from helpdesk.search.engines.postgres import PostgresIndex
from helpdesk.search.engines.whoosh import WhooshIndex
from helpdesk.search.evaluate import evaluate, read_cases
from helpdesk.search.ports import SearchIndex
from helpdesk.search.services import index_document, seed_synonyms
from tests.bench import search_corpus as corpus


@contextmanager
def installation(engine_name: str, folder: Path, items: list[corpus.Item]) -> Iterator[tuple[Any, SearchIndex, float]]:
    """A database and an index with `items` in them; gives sessions, index, and seconds of the build."""
    engine, drop = _database(engine_name, folder)
    Base.metadata.create_all(engine)
    sessions = sessionmaker(engine, expire_on_commit=False)
    index: SearchIndex = PostgresIndex() if engine_name == "postgres" else WhooshIndex(folder / "search")
    with writing(), sessions() as session:
        seed_synonyms(session, now=corpus.NOW)
        for item in items:
            index_document(session, item.document, now=corpus.NOW)
        session.commit()
    began = time.perf_counter()
    indexer.rebuild(sessions, index, lock=folder / "lock", now=corpus.NOW)
    spent = time.perf_counter() - began
    with engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    yield sessions, index, spent
    engine.dispose()
    drop()


def _database(engine_name: str, folder: Path) -> tuple[sa.Engine, Any]:
    if engine_name == "postgres":
        from tests.conftest import drop_database, fresh_database_url

        url = fresh_database_url(folder, "bench")
        return sa.create_engine(url), lambda: drop_database(url)
    engine = sa.create_engine(f"sqlite:///{folder / 'bench.db'}", module=sqlite_driver())
    open_sqlite_well(engine, synchronous="NORMAL")
    return engine, lambda: None


def engines() -> list[str]:
    """Whoosh, and PostgreSQL where there is one."""
    return ["whoosh", "postgres"] if os.environ.get("HELPDESK_TEST_DATABASE_URL") else ["whoosh"]


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="*", type=Path, default=corpus.folders())
    parser.add_argument("--sections", action="store_true", help="every section is a document")
    parser.add_argument("--grow", type=int, default=0, help="grow the corpus to this many documents")
    parser.add_argument("--half", choices=("tune", "test", "both"), default="both")
    parser.add_argument("--engine", choices=("whoosh", "postgres"), action="append")
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    loaded = corpus.load(arguments.corpus, sections=arguments.sections)
    items = corpus.grown(loaded, arguments.grow) if arguments.grow else loaded
    rows = corpus.questions(loaded, items)
    for name in ("tune", "test") if arguments.half == "both" else (arguments.half,):
        part = corpus.half(rows, name)
        if arguments.write:
            arguments.write.mkdir(parents=True, exist_ok=True)
            (arguments.write / f"{name}.jsonl").write_text(
                "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in part)
            )
        _compare(name, items, part, arguments.engine or engines())


def _compare(name: str, items: list[corpus.Item], rows: list[dict[str, Any]], names: list[str]) -> None:
    cases = list(read_cases(json.dumps(row) for row in rows))
    results = {}
    for engine_name in names:
        with tempfile.TemporaryDirectory() as folder, installation(engine_name, Path(folder), items) as made:
            sessions, index, spent = made
            only_read(on=True)
            with sessions() as session:
                evaluate(session, cases[:30], index=index)
                began = time.process_time()
                results[engine_name] = evaluate(session, cases, index=index)
                cpu = (time.process_time() - began) * 1000 / len(cases)
            only_read(on=False)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(
                f"{name}: {engine_name}: {len(items)} documents, rebuilt in {spent:.1f} s, "
                f"peak memory {memory} MiB, "
                f"{cpu:.1f} ms CPU a request in the web process"
            )
    for key in sorted(results[names[0]]):
        cells = []
        for engine_name in names:
            f = results[engine_name][key]
            cells.append(f"{f.mrr:.3f}/{f.recall:.3f} p50 {f.percentile(50):5.1f} p99 {f.percentile(99):5.1f}")
        print(f"{name:5} {key[0] or 'all':8} {key[1]:12} {len(results[names[0]][key].ranks):5}  " + "   ".join(cells))


if __name__ == "__main__":
    main()
