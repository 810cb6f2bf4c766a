"""How much of a question is asked of the engine: the rarest terms first, within a budget of postings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from helpdesk.search.ports import Frequencies, WeightedTerm

POSTINGS: Final = 1_500
POSTINGS_READ: Final = 4_000
"""Of a word that stands in more documents, only so many that the asker may see are looked at, the newest."""
TERMS_MAX: Final = 12
TERMS_MIN: Final = 2


def pruned(terms: Sequence[WeightedTerm], frequencies: Frequencies, *, postings: int = POSTINGS) -> list[WeightedTerm]:
    """The terms worth asking for: those that occur, the rarest first; synonyms come after the words themselves."""
    counts = frequencies.counts
    known = sorted(
        (term for term in terms if counts.get(term.term)),
        key=lambda term: (term.weight < 1.0, counts[term.term]),
    )
    chosen: list[WeightedTerm] = []
    spent = 0
    for term in known[:TERMS_MAX]:
        spent += counts[term.term]
        if spent > postings and len(chosen) >= TERMS_MIN:
            break
        chosen.append(term)
    return chosen
