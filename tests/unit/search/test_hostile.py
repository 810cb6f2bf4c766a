"""Hostile questions are cheap: at most 50 ms each, on a thousand articles."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.unit.search.conftest import Desk, _desk, article
from tests.unit.search.test_visibility import HOSTILE

_WORDS = ("invoice", "refund", "seat", "charge", "发票", "退款", "請求書", "a", "b1", "INV-2026-00")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, worker_name: str) -> Iterator[Desk]:
    """A thousand articles that all speak of the same."""
    for desk in _desk("whoosh", tmp_path_factory.mktemp("full"), worker_name):
        desk.save(
            *(
                article(n, title=f"{_WORDS[n % 10]} {n}", body=" ".join(f"{w}{n % 7} {w}" for w in _WORDS) * 5)
                for n in range(1, 1001)
            )
        )
        desk.rebuild()
        desk.ask("invoice")
        yield desk


@pytest.mark.parametrize("text", [*HOSTILE, " ".join(_WORDS * 20)], ids=range(len(HOSTILE) + 1))
def test_the_time_is_bounded(full: Desk, text: str) -> None:
    spent = []
    for _ in range(3):
        began = time.process_time()
        full.ask(text)
        spent.append(time.process_time() - began)

    assert min(spent) < 0.05
