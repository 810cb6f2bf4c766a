"""Several processes at once: editors, readers, and an indexer that is killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import sessionmaker

from helpdesk.db import only_read
from helpdesk.search import indexer, services
from helpdesk.search.contracts import SearchQuery
from tests.unit.search.conftest import NOW, Desk, article, counts_of, engine_of, index_named

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.unit.search.conftest"])


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
    kept = counts_of(whoosh_desk)
    whoosh_desk.rebuild()
    assert kept == counts_of(whoosh_desk)


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
    readers = [PROCESSES.Process(target=_find_soon, args=(url, folder, ["warm", "zebra"], found)) for _ in range(2)]
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
