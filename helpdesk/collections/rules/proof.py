"""Whether any state can be reached without its warning: every course that the world could take is tried.

The engine itself is asked on each day that matters, whatever was paid, disputed, held, excepted or heard by then, and
whether it was asked on the days before or not. What it would do is checked against what customers are promised.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise, product
from typing import Final

from helpdesk.collections.models import StageKind
from helpdesk.collections.rules.engine import Action, Case, Debt, Step, next_action
from helpdesk.collections.rules.notices import Issued
from helpdesk.collections.rules.policies import FINAL_WAIT_DAYS
from helpdesk.collections.rules.schedule import ORDER, WorkDays, access_changes_on, later_by
from helpdesk.errors import DomainError
from helpdesk.money import Money

_DUE: Final = date(2026, 3, 2)
_MINIMUM: Final = Money(5000)
_SUMS: Final = ((0, 0), (0, 100), (4999, 0), (5000, 100))
"""Owed and disputed: all paid; all disputed; below the smallest amount; owed, with something in dispute beside."""
_WAYS: Final = ((False, True), (True, True), (False, False))
"""On hold, reachable."""
_EXTRA_DAYS: Final = 4
_ACTS: Final = frozenset({Step.NOTIFY, Step.PROPOSE_SUSPENSION, Step.CONFIRM_SUSPENSION})
_GIVEN: Final = ORDER[:-1]


class Breach(StrEnum):
    """Which promise a course of events breaks."""

    NOT_OVERDUE = "not_overdue"
    UNWARNED = "unwarned"
    NO_TIME = "no_time"
    TOO_SOON = "too_soon"
    UNHEARD = "unheard"
    NOT_OWED = "not_owed"
    ON_HOLD = "on_hold"
    BEFORE_STATED = "before_stated"


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a course: a stage on a day after the due date; the last one breaks a promise."""

    day: int
    stage: StageKind
    heard: bool = True
    breach: Breach | None = None


@dataclass(frozen=True, slots=True)
class _World:
    """What is so on one day."""

    amount: Money
    disputed: Money
    held: bool
    reachable: bool
    extra_days: int


_WORLDS: Final = tuple(
    _World(Money(owed), Money(disputed), held, reachable, extra_days)
    for (owed, disputed), (held, reachable), extra_days in product(_SUMS, _WAYS, (0, _EXTRA_DAYS))
)


@dataclass(frozen=True, slots=True)
class _State:
    """What was said so far, as far as the engine can tell courses apart."""

    day: int
    told: int = 0
    last: int = 0
    """Day of the last notice, as it was heard."""
    stated: int = 0
    """The latest day that any notice gave for the suspension."""
    heard: bool = True


Path = tuple[Event, ...]
Decide = Callable[..., Action]
"""`rules.engine.next_action`, or another in its place."""
_Offsets = tuple[tuple[StageKind, int], ...]


def unwarned_path(offsets: Mapping[StageKind, int]) -> Path:
    """The shortest course of events that breaks a promise under these days; empty when there is none.

    `offsets` are days after the due date of every stage but the deletion, with their grace.
    """
    return _searched(tuple((kind, offsets[kind]) for kind in _GIVEN))


@lru_cache(maxsize=64)
def _searched(offsets: _Offsets) -> Path:
    return broken_path(dict(offsets), next_action)


def broken_path(days: Mapping[StageKind, int], decide: Decide) -> Path:
    """The same for an engine of one's own, so that the search itself can be tried."""
    early = next((kind for kind in _GIVEN if days[kind] < 1), None)
    if early is not None:
        return (Event(days[early], early, breach=Breach.NOT_OVERDUE),)
    found = [_Search(days, calendar, decide).run() for calendar in (None, _Rest(days))]
    return min((path for path in found if path), key=len, default=())


class _Rest:
    """A long holiday over the final notice, which moves it and what follows close together."""

    def __init__(self, days: Mapping[StageKind, int]) -> None:
        first = days[StageKind.FINAL_NOTICE]
        self._rest = range(first, first + 9)

    def is_working_day(self, day: date) -> bool:
        """Whether people work on `day`."""
        return (day - _DUE).days not in self._rest


class _Search:
    """A breadth-first search through the states of one policy under one calendar."""

    def __init__(self, days: Mapping[StageKind, int], calendar: WorkDays | None, decide: Decide) -> None:
        self._calendar, self._decide = calendar, decide
        self._moments = _moments(days)
        self._by_extra = {extra: later_by(days, extra) for extra in (0, _EXTRA_DAYS)}

    def run(self) -> Path:
        start = _State(self._moments[0])
        known: set[_State] = {start}
        queue: deque[tuple[_State, Path]] = deque([(start, ())])
        while queue:
            state, path = queue.popleft()
            for following, event in self._successors(state):
                told = (*path, event) if event else path
                if event is not None and event.breach is not None:
                    return told
                if following is not None and following not in known:
                    known.add(following)
                    queue.append((following, told))
        return ()

    def _successors(self, state: _State) -> Iterator[tuple[_State | None, Event | None]]:
        """Whatever the engine does today in any world; and that nobody asks it today."""
        for action, world in self._actions(state):
            yield from self._acted(state, action, world)
        later = next((day for day in self._moments if day > state.day), None)
        if later is None:
            return
        yield _State(later, state.told, state.last, state.stated, state.heard), None
        if not state.heard:
            yield _State(later, state.told, later, state.stated), None

    def _actions(self, state: _State) -> Iterator[tuple[Action, _World]]:
        told = self._told(state)
        for world in _WORLDS:
            action = self._decide(
                _case(state, world, told),
                offsets=self._by_extra[world.extra_days],
                minimum=_MINIMUM,
                calendar=self._calendar,
            )
            if action.step in _ACTS:
                yield action, world

    def _told(self, state: _State) -> dict[StageKind, Issued]:
        """The notices so far; the engine tells earlier ones from the last by nothing but their stage."""
        on, stated = _DUE + timedelta(days=state.last), _DUE + timedelta(days=state.stated)
        heard = [*[True] * (state.told - 1), state.heard][: state.told]
        return {kind: Issued(kind, on, stated, each) for kind, each in zip(_GIVEN, heard, strict=False)}

    def _acted(self, state: _State, action: Action, world: _World) -> Iterator[tuple[_State | None, Event | None]]:
        stage = action.stage or StageKind.REMINDER
        breach = _breach(state, action, world)
        if breach is not None or action.step is Step.CONFIRM_SUSPENSION:
            yield None, Event(state.day, stage, breach=breach)
            return
        stated = access_changes_on(
            self._by_extra[world.extra_days],
            _DUE,
            stage=stage,
            issued_on=_DUE + timedelta(days=state.day),
            calendar=self._calendar,
            promised=_DUE + timedelta(days=state.stated) if state.told else None,
        )
        for heard in (True, False):
            on = (stated - _DUE).days
            yield _State(state.day, state.told + 1, state.day, on, heard), Event(state.day, stage, heard)


def _case(state: _State, world: _World, told: Mapping[StageKind, Issued]) -> Case:
    today = _DUE + timedelta(days=state.day)
    return Case(
        today=today,
        debts=[Debt(_DUE, world.amount)] if state.day > 0 else [],
        disputed=world.disputed,
        told=told,
        is_reachable=world.reachable,
        held_until=today if world.held else None,
        counted_from=_DUE,
    )


def _breach(state: _State, action: Action, world: _World) -> Breach | None:
    """What customers are promised, checked without the engine's own rules."""
    stage = action.stage or StageKind.REMINDER
    cuts_off = action.step is not Step.NOTIFY
    confirms = action.step is Step.CONFIRM_SUSPENSION
    rules: dict[Breach, Callable[[], bool]] = {
        Breach.NOT_OWED: lambda: world.amount < _MINIMUM,
        Breach.ON_HOLD: lambda: world.held,
        Breach.UNWARNED: lambda: state.told < _GIVEN.index(stage) + confirms,
        Breach.NO_TIME: lambda: state.told > 0 and not confirms and state.day <= state.last,
        Breach.UNHEARD: lambda: cuts_off and not state.heard,
        Breach.TOO_SOON: lambda: cuts_off and not confirms and state.day - state.last < FINAL_WAIT_DAYS,
        Breach.BEFORE_STATED: lambda: cuts_off and state.day < state.stated,
    }
    return next((breach for breach, is_broken in rules.items() if is_broken()), None)


def _moments(days: Mapping[StageKind, int]) -> list[int]:
    """The days on which the engine could begin to answer otherwise: around each stage and each waiting time."""
    offsets = sorted(days.values())
    waits = {abs(after - before) for before, after in pairwise(offsets)}
    around = {day + extra + beside for day in offsets for extra in (0, _EXTRA_DAYS) for beside in (-1, 0)}
    late = {offsets[-1] + wait for wait in waits}
    return sorted(day for day in {1, *around, *late} if day > 0)


class WarningMissing(DomainError):
    """By these days a customer could reach a stage without its warning. The path is shown below."""


def check_warned(offsets: Mapping[StageKind, int]) -> None:
    """Refuse days by which a promise to customers can be broken. Raises `WarningMissing`."""
    if unwarned_path(offsets):
        raise WarningMissing
