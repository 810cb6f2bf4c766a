"""The second stage, pure: the order of the candidates, the same whatever engine proposed them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from helpdesk.search.ports import Frequencies, WeightedTerm
from helpdesk.search.termmap import key_of, read

K1: Final = 1.5
B: Final = 0.5
TITLE_OVERLAP: Final = 0.3
PHRASE_IN_TITLE: Final = 0.3
WHOLE_TITLE: Final = 0.3
"""For who asks with a title as it stands, beside what its phrase is worth."""
PHRASE_IN_HEADING: Final = 0.35
PHRASE_IN_TEXT: Final = 0.7
HELPFUL: Final = 0.02
FRESH: Final = 0.01
"""The two small boosts: together below a thirtieth of a score, so they only part equals."""
FRESH_DAYS: Final = 365
CUT: Final = 0.12
"""Hits below this share of the best score are noise."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the ranking reads of a document."""

    id: int
    terms: bytes
    length: int
    squashed_title: str
    has_phrase: bool
    phrase_in_heading: bool
    helpful: float
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """What the ranking reads of a question."""

    terms: Sequence[WeightedTerm]
    squashed: str


def ranked(
    candidates: Iterable[Candidate], question: Question, frequencies: Frequencies, *, newest: datetime
) -> list[tuple[int, float]]:
    """Ids and scores, best first. `newest` is the moment against which freshness is measured."""
    scorer = _Scorer(question, frequencies)
    found = [(candidate, *scorer.read(candidate)) for candidate in candidates]
    best = max((score for _, score, _ in found), default=0.0)
    if best <= 0.0:
        return []
    results = [
        (candidate.id, (score / best + bonus) * _boost(candidate, newest))
        for candidate, score, bonus in found
        if score > 0.0
    ]
    results.sort(key=lambda result: (-result[1], result[0]))
    return [result for result in results if result[1] >= CUT * results[0][1]]


def _boost(candidate: Candidate, newest: datetime) -> float:
    age = (newest - candidate.updated_at).days / FRESH_DAYS
    return 1.0 + HELPFUL * max(-1.0, min(1.0, candidate.helpful)) + FRESH * math.exp(-max(0.0, age))


class _Scorer:
    def __init__(self, question: Question, frequencies: Frequencies) -> None:
        self.question = question
        self.mean = frequencies.mean_length or 1.0
        self.keys = [key_of(term.term) for term in question.terms]
        self.idf = [inverse_frequency(frequencies, term.term) * term.weight for term in question.terms]
        own = [i for i, term in enumerate(question.terms) if term.weight >= 1.0]
        self.own = [(self.keys[i], self.idf[i]) for i in own]
        self.asked = sum(idf for _, idf in self.own) or 1.0

    def read(self, candidate: Candidate) -> tuple[float, float]:
        """BM25F of the candidate, and what its title and its phrases add."""
        found, title = read(candidate.terms, self.keys)
        base = K1 * (1.0 - B + B * candidate.length / self.mean)
        score = sum(idf * tf * (K1 + 1.0) / (tf + base) for idf, tf in zip(self.idf, found, strict=True) if tf)
        return score, self._bonus(candidate, title)

    def _bonus(self, candidate: Candidate, title: set[int]) -> float:
        matched = sum(idf for key, idf in self.own if key in title)
        count = sum(key in title for key, _ in self.own)
        overlap = (matched / self.asked) * (0.5 + 0.5 * count / (len(title) or 1))
        bonus = TITLE_OVERLAP * overlap
        phrase = self.question.squashed
        if len(phrase) > 1 and phrase in candidate.squashed_title:
            bonus += PHRASE_IN_TITLE * (0.5 + 0.5 * len(phrase) / len(candidate.squashed_title))
            bonus += WHOLE_TITLE * (phrase == candidate.squashed_title)
        if candidate.phrase_in_heading:
            bonus += PHRASE_IN_HEADING
        return bonus + PHRASE_IN_TEXT * candidate.has_phrase


def inverse_frequency(frequencies: Frequencies, term: str) -> float:
    """How telling a term is: the rarer, the more."""
    count = frequencies.counts.get(term, 0)
    return math.log(1.0 + (max(frequencies.documents, count) - count + 0.5) / (count + 0.5))
