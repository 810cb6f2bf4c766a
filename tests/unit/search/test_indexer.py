"""The index's life: draining, rebuilding, breaking, and being killed."""

from __future__ import annotations

import gc
import random
import shutil
import stat
import threading

import pytest
import sqlalchemy as sa

from helpdesk.search import indexer, services
from helpdesk.search.analyze import ANALYZER_VERSION
from helpdesk.search.engines.whoosh import WhooshIndex
from helpdesk.search.models import OutboxRow
from helpdesk.search.ports import Asked, IndexUnavailable, Scope, WeightedTerm
from helpdesk.search.queries import frequencies
from tests.unit.search.conftest import NOW, Desk, article, counts_of


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
        known = frequencies(session, [Asked(Scope("article", "en", frozenset({"public"})), [WeightedTerm("refund")])])[
            0
        ]
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

    kept = counts_of(whoosh_desk)
    whoosh_desk.rebuild()

    assert kept == counts_of(whoosh_desk)


def test_the_folder_bears_the_analyzer_s_version_and_is_private(whoosh_desk: Desk) -> None:
    folder = whoosh_desk.folder / "search" / str(ANALYZER_VERSION) / "ja"

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
