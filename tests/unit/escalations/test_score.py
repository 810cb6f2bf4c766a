"""How complete a case is."""

from __future__ import annotations

from helpdesk.escalations.models import EscalationReason
from helpdesk.escalations.rules import GateAnswers
from helpdesk.escalations.score import WORTH, Part, score_of


def test_the_parts_together_are_worth_a_hundred() -> None:
    assert sum(WORTH.values()) == 100
    assert set(WORTH) == set(Part)


def test_an_empty_case_misses_everything_the_weightiest_first() -> None:
    answers = GateAnswers(EscalationReason.TRAINING, "", "", "", "", "")

    score = score_of(answers)

    assert score.points == 0
    assert score.missing[0] is Part.FACTS
    assert len(score.missing) == len(Part)


def test_texts_count_only_when_they_tell_something() -> None:
    answers = GateAnswers(EscalationReason.TRAINING, "x" * 20, "x" * 40, "short", "Tom", "tom@partner.example")

    score = score_of(answers)

    assert score.points == WORTH[Part.REASON] + WORTH[Part.FACTS]
    assert Part.TRIED in score.missing
