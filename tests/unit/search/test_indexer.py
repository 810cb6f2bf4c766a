"""The index's life: draining, rebuilding, breaking, and being killed."""

from __future__ import annotations

import gc
import multiprocessing
import os
import random
import shutil
import signal
import stat
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import sessionmaker

from helpdesk.db import only_read
from helpdesk.search import indexer, services
from helpdesk.search.contracts import SearchQuery
from helpdesk.search.engines.whoosh import WhooshIndex
from helpdesk.search.models import CountedDocument, OutboxRow, TermCount, Word
from helpdesk.search.ports import IndexUnavailable, Scope, WeightedTerm
from helpdesk.search.queries import frequencies
from tests.unit.search.conftest import NOW, Desk, article, engine_of, index_named

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.unit.search.conftest"])


def test_a_row_waits_until_the_index_has_it(whoosh_desk: Desk) -> None:
    whoosh_desk.save(article(1, title="Refunds"))

    with whoosh_desk.sessions() as session:
        before = indexer.health(session, whoosh_desk.index)
    taken = whoosh_desk.drain()
    with whoosh_desk.sessions() as session:
        after = indexer.health(session, whoosh_desk.index)

    assert (before.waiting, before.oldest_waiting, before.documents) == (1, NOW, 0)
    assert taken == 1
    assert (after.waiting, after.documents, after.expected, after.available) == (0, 1, 1, True)


def test_nothing_is_indexed_of_a_transaction_that_was_undone(whoosh_desk: Desk) -> None:
    with whoosh_desk.sessions() as session:
        services.index_document(session, article(1, title="Refunds"), now=NOW)
        session.rollback()

    assert whoosh_desk.drain() == 0
    assert whoosh_desk.slugs("refunds") == []


def test_only_one_process_is_the_indexer(whoosh_desk: Desk) -> None:
    whoosh_desk.save(article(1))

    with indexer.only_indexer(whoosh_desk.lock, wait=False) as mine:
        assert mine
        assert whoosh_desk.drain() == 0
    assert whoosh_desk.drain() == 1


def test_taking_a_row_twice_changes_nothing(desk: Desk) -> None:
    desk.save(article(1, title="Refund of seats"), article(2, title="Refund"))
    desk.drain()
    desk.save(article(1, title="Refund of seats"), article(1, title="Refund of seats"))
    desk.drain()

    with desk.sessions() as session:
        known = frequencies(session, Scope("article", "en", frozenset({"public"})), [WeightedTerm("refund")])
    assert (known.counts, known.documents) == ({"refund": 2}, 2)
    assert sorted(desk.slugs("refund")) == ["article-1", "article-2"]


def test_counts_after_many_changes_are_those_of_a_rebuild(whoosh_desk: Desk) -> None:
    chance = random.Random(3)
    names = ["refund", "seat", "invoice", "suspend", "退款"]
    for _ in range(12):
        numbers = chance.sample(range(1, 9), 3)
        whoosh_desk.save(
            *(
                article(n, title=" ".join(chance.sample(names, 2)), audience=chance.choice(["public", "agents"]))
                for n in numbers[:2]
            )
        )
        whoosh_desk.remove(numbers[2])
        whoosh_desk.drain()

    kept = _counts(whoosh_desk)
    whoosh_desk.rebuild()

    assert kept == _counts(whoosh_desk)


def _counts(desk: Desk) -> list[object]:
    with desk.sessions() as session:
        tables = (TermCount, Word)
        rows = [
            tuple(row) for table in tables for row in session.execute(sa.select(*table.__table__.columns)).all()
        ]
        documents = session.scalars(sa.select(CountedDocument.document_id)).all()
    return [sorted(map(str, rows)), sorted(documents)]


def test_the_folder_bears_the_analyzer_s_version_and_is_private(whoosh_desk: Desk) -> None:
    folder = whoosh_desk.folder / "search" / "1" / "ja"

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "current").resolve().stat().st_mode) == 0o700


def test_a_missing_index_is_answered_from_the_database_and_rebuilt(whoosh_desk: Desk) -> None:
    whoosh_desk.save(article(1, title="Refunds"))
    whoosh_desk.drain()
    shutil.rmtree(whoosh_desk.folder / "search")

    degraded = whoosh_desk.ask("refund")
    current = indexer.is_current(whoosh_desk.sessions, whoosh_desk.index)
    whoosh_desk.rebuild()
    whole = whoosh_desk.ask("refund")

    assert ([hit.slug for hit in degraded.hits], degraded.degraded) == (["article-1"], True)
    assert not current
    assert ([hit.slug for hit in whole.hits], whole.degraded) == (["article-1"], False)


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_broken_index_is_answered_from_the_database_and_rebuilt(whoosh_desk: Desk) -> None:
    whoosh_desk.save(article(1, title="Refunds"))
    whoosh_desk.drain()
    for path in (whoosh_desk.folder / "search").rglob("*"):
        if path.is_file() and not path.is_symlink():
            path.write_bytes(b"broken")
    fresh = Desk(whoosh_desk.sessions, WhooshIndex(whoosh_desk.folder / "search"), whoosh_desk.folder)

    degraded = fresh.ask("refund")
    fresh.rebuild()

    assert ([hit.slug for hit in degraded.hits], degraded.degraded) == (["article-1"], True)
    assert not fresh.ask("refund").degraded
    gc.collect()  # Whoosh leaves the broken file open


def test_writing_to_a_missing_index_keeps_the_rows(whoosh_desk: Desk) -> None:
    shutil.rmtree(whoosh_desk.folder / "search")
    whoosh_desk.save(article(1))

    with pytest.raises(IndexUnavailable):
        whoosh_desk.drain()
    with whoosh_desk.sessions() as session:
        assert session.scalars(sa.select(sa.func.count()).select_from(OutboxRow)).one() == 1


def test_questions_are_answered_while_the_index_is_rebuilt(whoosh_desk: Desk) -> None:
    whoosh_desk.save(*(article(n, title=f"Refund {n}", body="seats " * 20) for n in range(1, 120)))
    whoosh_desk.rebuild()
    wrong: list[object] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            answer = whoosh_desk.ask("refund", limit=5)
            if answer.degraded or answer.total < 90:
                wrong.append(answer)

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    told: list[int] = []
    for _ in range(4):
        indexer.rebuild(
            whoosh_desk.sessions,
            whoosh_desk.index,
            lock=whoosh_desk.lock,
            now=NOW,
            progress=lambda number, _total: told.append(number),
        )
    done.set()
    for asker in askers:
        asker.join()

    assert wrong == []
    assert told[-1] == 119


def test_a_forked_child_opens_its_own_reader(whoosh_desk: Desk) -> None:
    whoosh_desk.save(article(1, title="Refunds"))
    whoosh_desk.drain()
    whoosh_desk.ask("refund")
    parent = whoosh_desk.index._opened()  # type: ignore[attr-defined]

    whoosh_desk.index._process -= 1  # type: ignore[attr-defined]

    assert whoosh_desk.index._opened() == {} != parent  # type: ignore[attr-defined]


# Four processes that edit, one indexer that is killed ten times.


def _edit(url: str, folder: str, number: int, edits: int) -> None:
    sessions = sessionmaker(engine_of(url), expire_on_commit=False)
    for edit in range(edits):
        with sessions() as session:
            object_id = number * 100 + edit % 20
            text = f"edit{number}x{edit}"
            services.index_document(session, article(object_id, title=f"Refund {text}", body=text), now=NOW)
            session.commit()
        time.sleep(0.002)


def _index(url: str, folder: str) -> None:
    sessions = sessionmaker(engine_of(url), expire_on_commit=False)
    index = index_named("whoosh", Path(folder))
    while True:
        if not indexer.drain(sessions, index, lock=Path(folder) / "indexer.lock", limit=25):
            time.sleep(0.02)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs signals")
def test_no_update_is_lost_when_the_indexer_is_killed_ten_times(whoosh_desk: Desk) -> None:
    edits = int(os.environ.get("HELPDESK_TEST_EDITS", "60"))
    with whoosh_desk.sessions() as session:
        url = session.get_bind().engine.url.render_as_string(hide_password=False)
    whoosh_desk.save(article(1))
    whoosh_desk.rebuild()
    folder = str(whoosh_desk.folder)
    editors = [PROCESSES.Process(target=_edit, args=(url, folder, number, edits)) for number in range(1, 5)]
    for editor in editors:
        editor.start()
    killed = 0
    while killed < 10 or any(editor.is_alive() for editor in editors):
        worker = PROCESSES.Process(target=_index, args=(url, folder))
        worker.start()
        time.sleep(0.25 + 0.06 * (killed % 5))
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join()
        killed += 1
    for editor in editors:
        editor.join()
        assert editor.exitcode == 0

    while whoosh_desk.drain():
        pass

    for number in range(1, 5):
        for edit in range(edits - 20, edits):
            assert whoosh_desk.slugs(f"edit{number}x{edit}", exact=True)[0] == f"article-{number * 100 + edit % 20}"
    kept = _counts(whoosh_desk)
    whoosh_desk.rebuild()
    assert kept == _counts(whoosh_desk)


def _find_soon(url: str, folder: str, texts: list[str], found: Any) -> None:
    only_read()  # as a GET does
    sessions = sessionmaker(engine_of(url), expire_on_commit=False)
    index = index_named("whoosh", Path(folder))
    ended = time.monotonic() + 30
    for text in texts:
        while time.monotonic() < ended:
            with sessions() as session:
                query = SearchQuery(text=text, locale="en", exact=True)
                if services.search(session, query, index=index).total:
                    break
            time.sleep(0.05)
        found.put(time.monotonic())


def test_an_edit_is_found_in_every_process_within_two_seconds(whoosh_desk: Desk) -> None:
    with whoosh_desk.sessions() as session:
        url = session.get_bind().engine.url.render_as_string(hide_password=False)
    whoosh_desk.save(article(1, title="A warm welcome"))
    found = PROCESSES.Queue()
    folder = str(whoosh_desk.folder)
    readers = [
        PROCESSES.Process(target=_find_soon, args=(url, folder, ["warm", "zebra"], found)) for _ in range(2)
    ]
    worker = PROCESSES.Process(target=_index, args=(url, folder))
    for process in (*readers, worker):
        process.start()
    for _ in readers:
        found.get(timeout=30)  # all are at work

    whoosh_desk.save(article(2, title="A zebra"))
    published = time.monotonic()

    lags = [found.get(timeout=30) - published for _ in readers]
    worker.kill()
    for process in (*readers, worker):
        process.join()
    assert max(lags) < 2
