"""How good and how fast the search is, on questions whose answers are known."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.orm import Session

from helpdesk.search.contracts import LOCALES, PUBLIC, SearchQuery
from helpdesk.search.ports import SearchIndex
from helpdesk.search.services import search
from helpdesk.web.slugs import slug_from

DEPTH: Final = 10


@dataclass(frozen=True, slots=True)
class Case:
    """A question and the slugs of which any answers it."""

    query: str
    locale: str
    expected: frozenset[str]
    kind: str = ""


class UnreadableCases(ValueError):
    """A line of the file is not what it should be; the message says which and why."""


def read_cases(lines: Iterable[str]) -> Iterator[Case]:
    """One case a line of JSON; raises `UnreadableCases`."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _case(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise UnreadableCases(f"line {number}: {error!r}") from error


def _case(row: dict[str, Any]) -> Case:
    expected = row["expected"]
    slugs = [expected] if isinstance(expected, str) else expected
    if row["locale"] not in LOCALES:
        raise ValueError(f"unknown locale {row['locale']!r}")
    return Case(
        str(row["query"]),
        row["locale"],
        frozenset(slug_from(str(slug).removesuffix(".md")) for slug in slugs),
        str(row.get("kind") or ""),
    )


@dataclass(slots=True)
class Figures:
    """What was measured over some questions."""

    ranks: list[int] = field(default_factory=list)
    """From 1; 0 where it was not among the first ten."""
    times: list[float] = field(default_factory=list)
    """Milliseconds of a whole request."""
    missed: list[str] = field(default_factory=list)

    @property
    def mrr(self) -> float:
        """Mean of 1 / rank."""
        return sum(1 / rank for rank in self.ranks if rank) / (len(self.ranks) or 1)

    @property
    def recall(self) -> float:
        """Share of questions whose answer is among the first ten."""
        return sum(1 for rank in self.ranks if rank) / (len(self.ranks) or 1)

    def percentile(self, percent: int) -> float:
        """Milliseconds within which `percent` of the questions were answered."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else 0.0

    def as_dict(self) -> dict[str, float | int]:
        """For JSON."""
        return {
            "mrr_at_10": round(self.mrr, 4),
            "recall_at_10": round(self.recall, 4),
            "p50_ms": round(self.percentile(50), 2),
            "p99_ms": round(self.percentile(99), 2),
            "queries": len(self.ranks),
        }


Report = dict[tuple[str, str], Figures]
"""By locale and kind; ("", "") holds all."""


def evaluate(
    session: Session, cases: Iterable[Case], *, index: SearchIndex, audiences: frozenset[str] = PUBLIC
) -> Report:
    """Ask every question as readers of `audiences` would."""
    report: Report = defaultdict(Figures)
    for case in cases:
        query = SearchQuery(text=case.query, locale=case.locale, audiences=audiences, limit=DEPTH)
        began = time.perf_counter()
        answer = search(session, query, index=index)
        spent = (time.perf_counter() - began) * 1000
        rank = next((place for place, hit in enumerate(answer.hits, 1) if hit.slug in case.expected), 0)
        for key in {("", ""), (case.locale, case.kind)}:
            report[key].ranks.append(rank)
            report[key].times.append(spent)
            if not rank:
                report[key].missed.append(case.query)
    return report
