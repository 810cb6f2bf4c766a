"""How complete a case is, and why each missing part matters. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from helpdesk.escalations.rules import GateAnswers

_TELLING: Final = 40
"""Letters below which a text hardly tells 21Vianet anything; a Chinese or Japanese character counts as two."""
_WIDE_FROM: Final = "\u2e80"


class Part(StrEnum):
    """A part of a complete case; what each is worth is in `WORTH`."""

    FACTS = "facts"
    TRIED = "tried"
    PROOF = "proof"
    REASON = "reason"
    LINE = "line"
    ROW = "row"
    SUBSCRIPTION = "subscription"
    FILE = "file"


WORTH: Final[dict[Part, int]] = {
    Part.FACTS: 20,
    Part.TRIED: 15,
    Part.PROOF: 15,
    Part.REASON: 15,
    Part.LINE: 10,
    Part.ROW: 10,
    Part.SUBSCRIPTION: 5,
    Part.FILE: 10,
}
"""Points of each part; together 100."""


@dataclass(frozen=True, slots=True)
class Score:
    """Points of 100, and what is missing, weightiest first."""

    points: int
    missing: tuple[Part, ...]


def score_of(answers: GateAnswers) -> Score:
    """Weigh a case's answers."""
    there = _parts_of(answers)
    missing = sorted((part for part in Part if part not in there), key=lambda part: -WORTH[part])
    return Score(sum(WORTH[part] for part in there), tuple(missing))


def _parts_of(answers: GateAnswers) -> set[Part]:
    has = {
        Part.FACTS: _length(answers.facts) >= _TELLING,
        Part.TRIED: _length(answers.tried) >= _TELLING,
        Part.PROOF: bool(answers.notes) or answers.tried_article is not None,
        Part.REASON: _length(answers.reason_text) >= _TELLING // 2,
        Part.LINE: bool(answers.lines),
        Part.ROW: any(line.reconciliation_row_id is not None for line in answers.lines),
        Part.SUBSCRIPTION: answers.subscription is not None or any(line.subscription_id for line in answers.lines),
        Part.FILE: bool(answers.attachments),
    }
    return {part for part, present in has.items() if present}


def _length(text: str) -> int:
    return sum(2 if letter >= _WIDE_FROM else 1 for letter in text.strip())
