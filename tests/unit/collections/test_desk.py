"""The partner's list of who stands where."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from helpdesk.collections.models import StageKind
from helpdesk.collections.queries.desk import DeskRow
from helpdesk.collections.rules.steering import PromiseState
from helpdesk.collections.views.desk_words import is_broken
from helpdesk.money import Money


def row_of(*stages: StageKind | None) -> DeskRow:
    """A customer with a subscription for each stage; None was told nothing yet."""
    standings: list[Any] = [
        SimpleNamespace(notice=None if stage is None else SimpleNamespace(stage=stage)) for stage in stages
    ]
    customer: Any = None
    return DeskRow(
        customer=customer,
        standings=standings,
        overdue=Money(1),
        disputed=Money(0),
        held_until=None,
        promise=None,
        broken_promises=0,
        partner_due_on=date(2026, 12, 1),
    )


@pytest.mark.parametrize(
    ("stages", "shown"),
    [
        ((StageKind.REMINDER, StageKind.FINAL_NOTICE), StageKind.FINAL_NOTICE),
        ((StageKind.SUSPENSION, None), StageKind.SUSPENSION),
        ((None, None), None),
    ],
)
def test_a_customer_stands_at_the_stage_that_went_furthest(
    stages: tuple[StageKind | None, ...], shown: StageKind | None
) -> None:
    notice = row_of(*stages).notice

    assert (notice.stage if notice else None) == shown


@pytest.mark.parametrize(
    ("last", "before", "flagged"),
    [(PromiseState.BROKEN, 0, True), (PromiseState.OPEN, 1, True), (PromiseState.OPEN, 0, False), (None, 0, False)],
)
def test_a_customer_is_flagged_for_the_last_promise_and_for_those_about_these_debts(
    last: PromiseState | None, before: int, *, flagged: bool
) -> None:
    promise: Any = None if last is None else SimpleNamespace(state=last)

    assert is_broken(replace(row_of(None), promise=promise, broken_promises=before)) is flagged
