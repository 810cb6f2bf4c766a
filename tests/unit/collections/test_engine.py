"""What the engine proposes, and what it never does."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.collections.models import StageKind
from helpdesk.collections.rules.engine import Action, Case, Debt, Step, next_action
from helpdesk.collections.rules.notices import Issued
from helpdesk.collections.rules.policies import DEFAULT_DAYS, shipped_stages, whole_stages
from helpdesk.collections.rules.schedule import access_changes_on, earlier_stages
from helpdesk.money import Money
from helpdesk.workcalendar.services import partner_calendar

OFFSETS = {kind: day for kind, (day, _clause) in whole_stages(shipped_stages(DEFAULT_DAYS)).items()}
BEIJING = partner_calendar("Asia/Shanghai")
NOTHING = Money.zero()
DUE = date(2026, 3, 2)
DAYS = st.integers(-5, 120).map(lambda count: DUE + timedelta(days=count))
TELLING = (StageKind.REMINDER, StageKind.SECOND_REMINDER, StageKind.FINAL_NOTICE)


def case_of(today: date, **changes: object) -> Case:
    """An invoice of 165.00 that was due on 2 March, of which nothing was said."""
    debts = [Debt(DUE, Money(16500))] if today > DUE else []
    case = Case(today=today, debts=debts, disputed=NOTHING, told={}, is_reachable=True)
    return replace(case, **changes)  # type: ignore[arg-type]


def decide(case: Case, *, minimum: Money = NOTHING) -> Action:
    """The action under the usual policy and the Chinese calendar."""
    return next_action(case, offsets=OFFSETS, minimum=minimum, calendar=BEIJING)


def told(stage: StageKind, on: date, told_before: Mapping[StageKind, Issued], *, heard: bool = True) -> Issued:
    """The notice that the product would give of a stage on a day."""
    promised = max((each.access_changes_on for each in told_before.values()), default=None)
    access = access_changes_on(OFFSETS, DUE, stage=stage, issued_on=on, calendar=BEIJING, promised=promised)
    return Issued(stage, on, access, heard)


def play(days: list[date], *, heard: bool = True) -> list[tuple[date, Action]]:
    """Let a worker run on `days` only, do what is proposed, and note what it did."""
    done: list[tuple[date, Action]] = []
    said: dict[StageKind, Issued] = {}
    for today in days:
        action = decide(case_of(today, told=dict(said)))
        if action.step in {Step.NOTIFY, Step.PROPOSE_SUSPENSION} and action.stage is not None:
            said[action.stage] = told(action.stage, today, said, heard=heard)
            done.append((today, action))
    return done


EVERY_DAY = [DUE + timedelta(days=count) for count in range(100)]


def test_an_unpaid_invoice_goes_through_every_stage_on_its_day() -> None:
    done = play(EVERY_DAY)

    assert [action.stage for _, action in done] == [*TELLING, StageKind.SUSPENSION]
    assert [on for on, _ in done] == [date(2026, 3, 5), date(2026, 3, 12), date(2026, 3, 23), date(2026, 4, 2)]


def test_a_worker_that_was_down_for_weeks_gives_the_one_notice_that_is_due() -> None:
    late = [day for day in EVERY_DAY if day >= DUE + timedelta(days=50)]

    done = play(late)

    assert [action.stage for _, action in done[:2]] == [StageKind.REMINDER, StageKind.SECOND_REMINDER]
    assert done[1][0] - done[0][0] >= timedelta(days=7)
    assert done[3][0] - done[2][0] >= timedelta(days=10)


@given(days=st.lists(st.sampled_from(EVERY_DAY), unique=True).map(sorted))
def test_no_suspension_without_every_notice_and_its_waiting_time_whenever_the_worker_ran(days: list[date]) -> None:
    done = {action.stage: on for on, action in play(days)}

    if StageKind.SUSPENSION in done:
        assert set(TELLING) <= set(done)
        assert done[StageKind.SUSPENSION] - done[StageKind.FINAL_NOTICE] >= timedelta(days=10)
        assert done[StageKind.SUSPENSION] >= DUE + timedelta(days=30)


@given(days=st.lists(st.sampled_from(EVERY_DAY), unique=True).map(sorted))
def test_no_suspension_is_proposed_while_a_notice_is_unheard(days: list[date]) -> None:
    assert all(action.step is not Step.PROPOSE_SUSPENSION for _, action in play(days, heard=False))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any case, likely or not."""
    today = draw(DAYS)
    said: dict[StageKind, Issued] = {}
    for stage in TELLING[: draw(st.integers(0, 3))]:
        said[stage] = told(stage, draw(DAYS), said, heard=draw(st.booleans()))
    return case_of(
        today,
        told=said,
        is_reachable=draw(st.booleans()),
        is_suspended=draw(st.booleans()),
        disputed=Money(draw(st.sampled_from([0, 3300]))),
        held_until=draw(st.none() | DAYS),
    )


@given(case=cases())
def test_whatever_the_case_a_suspension_is_proposed_only_after_all_was_said_heard_and_waited_for(case: Case) -> None:
    action = decide(case)

    if action.step is Step.PROPOSE_SUSPENSION:
        assert all(case.told[stage].heard for stage in earlier_stages(StageKind.SUSPENSION))
        assert all(case.today >= issued.access_changes_on for issued in case.told.values())
        assert case.is_reachable
        assert case.held_until is None or case.today > case.held_until


@given(case=cases(), part=st.integers(1, 16500))
def test_a_payment_or_a_dispute_never_brings_a_stage_forward(case: Case, part: int) -> None:
    before = decide(case)
    rest = [Debt(debt.due_on, Money(debt.amount.minor - part)) for debt in case.debts if debt.amount.minor > part]

    paid = decide(replace(case, debts=rest))
    disputed = decide(replace(case, debts=rest, disputed=Money(part)))

    for after in (paid, disputed):
        if after.step in {Step.NOTIFY, Step.PROPOSE_SUSPENSION}:
            assert (after.step, after.stage) == (before.step, before.stage)
        if after.on is not None and before.on is not None:
            assert after.on >= before.on


@given(case=cases(), until=DAYS)
def test_a_hold_never_brings_a_stage_forward(case: Case, until: date) -> None:
    held = decide(replace(case, held_until=until))

    if held.step in {Step.NOTIFY, Step.PROPOSE_SUSPENSION}:
        assert held == decide(replace(case, held_until=None))


@given(case=cases(), seed=st.integers(0, 1000), later=st.integers(1, 90))
def test_the_order_in_which_things_are_read_changes_nothing(case: Case, seed: int, later: int) -> None:
    debts = [*case.debts, Debt(DUE + timedelta(days=later), Money(100))]
    shuffled = random.Random(seed).sample(debts, len(debts))
    said = dict(random.Random(seed).sample(list(case.told.items()), len(case.told)))

    assert decide(replace(case, debts=shuffled, told=said)) == decide(replace(case, debts=debts))


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"debts": []}, Step.NOTHING),
        ({"debts": [], "disputed": Money(100)}, Step.PAUSE),
        ({"debts": [], "is_suspended": True}, Step.PROPOSE_REACTIVATION),
        ({"is_suspended": True}, Step.WATCH_DELETION),
        ({"is_reachable": False}, Step.FIND_CONTACT),
        ({"held_until": date(2026, 5, 1)}, Step.PAUSE),
        ({}, Step.NOTIFY),
    ],
)
def test_each_standing_has_its_step(changes: dict[str, object], step: Step) -> None:
    assert decide(case_of(date(2026, 3, 20), **changes)).step is step


def test_what_is_paid_after_a_notice_is_settled() -> None:
    said = {StageKind.REMINDER: told(StageKind.REMINDER, date(2026, 3, 5), {})}

    assert decide(case_of(date(2026, 3, 20), debts=[], told=said)).step is Step.SETTLE


def test_a_small_debt_starts_nothing() -> None:
    assert decide(case_of(date(2026, 3, 20)), minimum=Money(16501)).step is Step.PAUSE


def test_an_announced_suspension_waits_for_whoever_does_it() -> None:
    said: dict[StageKind, Issued] = {}
    for stage, on in zip((*TELLING, StageKind.SUSPENSION), (3, 10, 20, 30), strict=True):
        said[stage] = told(stage, DUE + timedelta(days=on), said)

    assert decide(case_of(date(2026, 4, 20), told=said)).step is Step.CONFIRM_SUSPENSION
