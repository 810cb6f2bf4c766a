"""The search for a state that is reached without its warning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.collections.models import StageKind
from helpdesk.collections.rules.engine import Action, Case, Debt, Step, next_action
from helpdesk.collections.rules.policies import DEFAULT_DAYS
from helpdesk.collections.rules.proof import Breach, Event, broken_path, unwarned_path
from helpdesk.money import Money

Twist = Callable[[Case], Case]
NINE = timedelta(days=9)
SHORT = dict(zip(DEFAULT_DAYS, (1, 2, 3, 6), strict=True))


@pytest.mark.parametrize("days", [(3, 10, 20, 30), (5, 14, 25, 35), (1, 2, 3, 6)])
def test_no_course_of_events_breaks_a_promise_under_sound_days(days: tuple[int, ...]) -> None:
    assert unwarned_path(dict(zip(DEFAULT_DAYS, days, strict=True))) == ()


@pytest.mark.parametrize(
    ("days", "last", "breach"),
    [
        ((3, 10, 28, 30), StageKind.SUSPENSION, Breach.TOO_SOON),
        ((3, 10, 35, 30), StageKind.SUSPENSION, Breach.NO_TIME),
        ((10, 3, 20, 30), StageKind.SECOND_REMINDER, Breach.NO_TIME),
        ((3, 3, 20, 30), StageKind.SECOND_REMINDER, Breach.NO_TIME),
        ((0, 3, 20, 30), StageKind.REMINDER, Breach.NOT_OVERDUE),
    ],
)
def test_the_path_ends_at_the_first_promise_that_is_broken(
    days: tuple[int, ...], last: StageKind, breach: Breach
) -> None:
    path = unwarned_path(dict(zip(DEFAULT_DAYS, days, strict=True)))

    assert (path[-1].stage, path[-1].breach) == (last, breach)
    assert all(event.breach is None for event in path[:-1])


def test_the_path_tells_every_stage_that_came_before() -> None:
    path = unwarned_path(dict(zip(DEFAULT_DAYS, (3, 10, 28, 30), strict=True)))

    assert path[:3] == (
        Event(3, StageKind.REMINDER),
        Event(10, StageKind.SECOND_REMINDER),
        Event(28, StageKind.FINAL_NOTICE),
    )


def _deaf(case: Case) -> Case:
    return replace(case, told={kind: replace(issued, heard=True) for kind, issued in case.told.items()})


def _greedy(case: Case) -> Case:
    return replace(case, debts=[Debt(debt.due_on, Money(9999)) for debt in case.debts])


def _hasty(case: Case) -> Case:
    early = {
        kind: replace(
            issued, on=issued.on - timedelta(days=9), access_changes_on=issued.access_changes_on - timedelta(9)
        )
        for kind, issued in case.told.items()
    }
    return replace(case, told=early)


@pytest.mark.parametrize(
    ("twist", "breach"),
    [
        (_deaf, Breach.UNHEARD),
        (_greedy, Breach.NOT_OWED),
        (lambda case: replace(case, held_until=None), Breach.ON_HOLD),
        (_hasty, Breach.NO_TIME),
    ],
)
def test_an_engine_that_breaks_a_promise_is_found_out(twist: Twist, breach: Breach) -> None:
    path = broken_path(SHORT, lambda case, **rules: next_action(twist(case), **rules))

    assert path[-1].breach is breach


def test_an_engine_that_leaves_a_stage_out_is_found_out() -> None:
    def skips(case: Case, **rules: object) -> Action:
        del rules
        owes = case.amount >= Money(5000) and case.held_until is None
        return Action(Step.PROPOSE_SUSPENSION, StageKind.SUSPENSION) if owes else Action(Step.NOTHING)

    assert broken_path(SHORT, skips)[-1].breach is Breach.UNWARNED
