"""One thing to mend, and what the checks must know of everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Problem(StrEnum):
    """What can be wrong with a text."""

    UNREADABLE = "unreadable"
    LINK = "link"
    ANCHOR = "anchor"
    VARIABLE = "variable"
    HEADING = "heading"
    PICTURE_WORDS = "picture_words"
    PICTURE = "picture"
    SAME_TITLE = "same_title"
    TOO_WILD = "too_wild"
    NOT_TRANSLATED = "not_translated"
    CONTRADICTS = "contradicts"
    FOREIGN = "foreign"
    MARKS = "marks"
    LONG_TITLE = "long_title"
    NO_SUMMARY = "no_summary"
    USE_VARIABLE = "use_variable"
    LONG_SENTENCE = "long_sentence"


HINTS = frozenset({Problem.LONG_TITLE, Problem.NO_SUMMARY, Problem.USE_VARIABLE, Problem.LONG_SENTENCE})
"""Advice: worth a look, and no reason to hold a text back."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem, with its line in the text (0: the whole text)."""

    kind: Problem
    line: int = 0
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_hint(self) -> bool:
        """Whether it is only advice."""
        return self.kind in HINTS


def _no_ids(_slug: str) -> set[str] | None:
    return None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a text is checked against."""

    slugs: frozenset[str] = frozenset()
    """Addresses that lead to an article."""
    variables: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    """Titles of the other articles in this language, with their slugs."""
    pictures: frozenset[str] = frozenset()
    ids_of: Callable[[str], set[str] | None] = _no_ids
    """The anchors of another article in this language; None where they are not known."""
    source: str | None = None
    """The text that this one translates."""
