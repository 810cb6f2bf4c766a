"""Reading an index where it lies."""

from __future__ import annotations

import shutil
import tracemalloc
from pathlib import Path

import pytest
from whoosh import index
from whoosh.reading import TermNotFound

from helpdesk.search.engines.whoosh_build import build
from helpdesk.search.engines.whoosh_files import blocks, term_name
from helpdesk.search.engines.whoosh_storage import MappedStorage
from helpdesk.search.ports import Entry

REFUND = term_name("ticket", "refund")


def _entry(number: int) -> Entry:
    words = {f"word{number % 50}x{turn}": 1 for turn in range(100)}
    return Entry(number, "ticket", "en", "staff", "", {"refund": number % 7 + 1, **words})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build(tmp_path, map(_entry, range(700)))
    return tmp_path


def test_postings_read_from_the_mapped_file_are_those_that_whoosh_reads(folder: Path) -> None:
    opened = (index.open_dir(str(folder)), MappedStorage(str(folder)).open_index())
    stock, mapped = (ix.reader().leaf_readers()[0][0] for ix in opened)

    found = [pair for numbers, weights in blocks(mapped, REFUND) for pair in zip(numbers, weights, strict=True)]
    postings, expected = stock.postings("terms", REFUND), []
    while postings.is_active():
        expected.append((postings.id(), postings.weight()))
        postings.next()

    assert len(found) == 700
    assert sorted(found) == expected
    assert list(mapped.column_reader("document")) == list(stock.column_reader("document"))
    assert sorted(mapped.all_terms()) == sorted(stock.all_terms())
    with pytest.raises(TermNotFound):
        next(blocks(mapped, b"nothing"))


def test_the_newest_documents_come_first(folder: Path) -> None:
    (leaf, _), *_ = MappedStorage(str(folder)).open_index().reader().leaf_readers()

    begun = [numbers[0] for numbers, _ in blocks(leaf, REFUND)]

    assert len(begun) > 3
    assert begun == sorted(begun, reverse=True)


def test_a_reader_copies_no_segment_into_memory(folder: Path) -> None:
    size = max(file.stat().st_size for file in folder.glob("*.seg"))
    tracemalloc.start()
    try:
        (leaf, _), *_ = MappedStorage(str(folder)).open_index().reader().leaf_readers()
        list(blocks(leaf, REFUND))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert size > 500_000
    assert most < size / 4


def test_who_reads_an_index_may_go_on_when_it_is_thrown_away(folder: Path) -> None:
    (leaf, _), *_ = MappedStorage(str(folder)).open_index().reader().leaf_readers()
    shutil.rmtree(folder)

    assert sum(len(numbers) for numbers, _ in blocks(leaf, REFUND)) == 700


def test_a_mapped_index_is_changed_and_its_segments_merged(folder: Path) -> None:
    ix = MappedStorage(str(folder)).open_index()
    writer = ix.writer()
    writer.delete_by_term("key", "12")
    writer.commit(optimize=True)

    assert ix.reader().doc_count_all() == 699
