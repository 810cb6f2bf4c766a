"""Building a Whoosh index from the start."""

from __future__ import annotations

from pathlib import Path

import pytest
from whoosh import index

from helpdesk.search.engines.whoosh_build import build
from helpdesk.search.engines.whoosh_files import term_name
from helpdesk.search.ports import Entry


def _entry(number: int) -> Entry:
    return Entry(number, "ticket", "en", "staff", "", {"refund": number, f"only{number}": 1})


@pytest.mark.parametrize(("at_once", "segments"), [(1000, 1), (3, 3)])
def test_what_is_built_holds_every_posting_with_its_weight_in_however_many_segments(
    at_once: int, segments: int, tmp_path: Path
) -> None:
    build(tmp_path, map(_entry, range(10, 15)), at_once=at_once)

    leaves = [leaf for leaf, _ in index.open_dir(str(tmp_path)).reader().leaf_readers()]
    found = {}
    for leaf in leaves:
        documents = list(leaf.column_reader("document"))
        postings = leaf.postings("terms", term_name("ticket", "refund"))
        while postings.is_active():
            found[documents[postings.id()]] = postings.weight()
            postings.next()
    assert len(leaves) == segments
    assert found == {10: 10.0, 11: 11.0, 12: 12.0, 13: 13.0, 14: 14.0}


def test_what_is_built_can_be_changed_document_by_document(tmp_path: Path) -> None:
    build(tmp_path, map(_entry, range(10, 15)))
    ix = index.open_dir(str(tmp_path))

    writer = ix.writer()
    writer.delete_by_term("key", "12")
    writer.commit()

    assert ix.reader().doc_count() == 4
