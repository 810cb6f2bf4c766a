"""How long the worst questions take: `python -m tests.bench.search_hostile CORPUS... [--grow N]` (or HELPDESK_CORPUS).

Each question of `tests/unit/search/test_visibility.py`, and some more that make the search look texts through,
in each language, three times; prints the dearest (best of three) with milliseconds on the wall and of processor.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from sqlalchemy.orm import Session

from helpdesk.db import only_read
from helpdesk.search.contracts import LOCALES, SearchQuery
from helpdesk.search.ports import SearchIndex
from helpdesk.search.services import search
from tests.bench import search_corpus as corpus
from tests.bench.search_quality import engines, installation
from tests.unit.search.test_visibility import HOSTILE

QUESTIONS = [
    *HOSTILE, "field:value", "of the and to in", "esente", "ithubrepositor", "に の を は", "という", "するには",
    "ので", "了的", "的了吗", "invoice " * 1_000, "账单 " * 2_000, "請求書の" * 1_500, "\u0007\u0008", "&&||!!",
    "zzzzqqqq",
    "a b c d e f g h i j k l m n o p q r s t u v w x y z", "1 2 3 4 5 6 7 8 9 0", "请 问 怎 么 办",
]  # fmt: skip


def main() -> None:
    """Build, ask, print the ten dearest of each engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="*", type=Path, default=corpus.folders())
    parser.add_argument("--grow", type=int, default=0)
    arguments = parser.parse_args()
    items = corpus.load(arguments.corpus)
    if arguments.grow:
        items = corpus.grown(items, arguments.grow)
    for name in engines():
        with tempfile.TemporaryDirectory() as folder, installation(name, Path(folder), items) as (sessions, index, _):
            only_read(on=True)
            found = []
            with sessions() as session:
                for text in QUESTIONS[:20]:
                    search(session, SearchQuery(text=text, locale="en"), index=index)
                for text in QUESTIONS:
                    for locale in LOCALES:
                        question = SearchQuery(text=text, locale=locale)
                        found.append((*min(_spent(session, question, index) for _ in range(3)), locale, text))
            only_read(on=False)
        print(f"{name}: {len(items)} documents, {len(found)} questions")
        for wall, cpu, locale, text in sorted(found, reverse=True)[:10]:
            print(f"  {wall:6.1f} ms on the wall, {cpu:6.1f} ms of processor  {locale:8} {text[:40]!r}")


def _spent(session: Session, question: SearchQuery, index: SearchIndex) -> tuple[float, float]:
    """Milliseconds on the wall and of this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    search(session, question, index=index)
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


if __name__ == "__main__":
    main()
