"""What is due next for one subscription: a pure function of policy, debt, notices, holds, contacts and the day.

It proposes; services and people act. Whatever it is given, no stage follows another unless each earlier notice was
given, was heard, and has had its waiting time; and nothing begins on a day on which we do not work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from helpdesk.collections.models import StageKind
from helpdesk.collections.rules.notices import Issued
from helpdesk.collections.rules.schedule import ORDER, WorkDays, first_day, moved_later
from helpdesk.money import Money


class Step(StrEnum):
    """What to do now."""

    NOTHING = "nothing"
    """Nothing is overdue, and nothing was said."""
    WAIT = "wait"
    """The next stage has a day, and it has not come."""
    NOTIFY = "notify"
    """Give the notice of `stage` today."""
    AWAIT_APPROVAL = "await_approval"
    """The notice of `stage` is due, and by the policy somebody approves it first."""
    FIND_CONTACT = "find_contact"
    """The notice of `stage` is due, but nobody can be reached: an agent must find somebody."""
    MAKE_HEARD = "make_heard"
    """The next stage is due, but a notice was neither delivered nor acknowledged: an agent must see to it."""
    PROPOSE_SUSPENSION = "propose_suspension"
    """Everything was said, heard and waited for: a lead decides."""
    CONFIRM_SUSPENSION = "confirm_suspension"
    """The suspension was announced: somebody does it and records it."""
    PAUSE = "pause"
    """What is left is in dispute, below the policy's minimum, or on hold."""
    SETTLE = "settle"
    """All is paid: end the notice and tell the customer."""
    PROPOSE_REACTIVATION = "propose_reactivation"
    """Suspended, and all is paid."""
    WATCH_DELETION = "watch_deletion"
    """Suspended and not paid: the second clock runs."""


@dataclass(frozen=True, slots=True)
class Debt:
    """What is overdue and undisputed on one invoice."""

    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that decides about one subscription on one day."""

    today: date
    debts: Sequence[Debt]
    disputed: Money
    """In open disputes on the same invoices."""
    told: Mapping[StageKind, Issued]
    """Notices since the last settlement."""
    is_reachable: bool
    is_suspended: bool = False
    held_until: date | None = None
    """Last day of a hold that a lead granted."""
    approved_by_people: frozenset[StageKind] = frozenset()
    """Stages whose notice waits for somebody's approval."""
    counted_from: date | None = None
    """Due date of the invoice that the notices are about; without it, the oldest."""

    @property
    def amount(self) -> Money:
        """All that is overdue and undisputed."""
        return sum((debt.amount for debt in self.debts), Money.zero(self.disputed.currency))

    @property
    def due_on(self) -> date:
        """The due date from which the stages are counted."""
        return self.counted_from or min(debt.due_on for debt in self.debts)


@dataclass(frozen=True, slots=True)
class Action:
    """What to do now, or on which day next."""

    step: Step
    stage: StageKind | None = None
    on: date | None = None
    """The day from which it may be done."""


def next_action(
    case: Case, *, offsets: Mapping[StageKind, int], minimum: Money, calendar: WorkDays | None = None
) -> Action:
    """Decide. The same case gives the same action, whoever asks and however often."""
    if case.is_suspended:
        return _while_suspended(case)
    if not case.amount:
        return _without_debt(case)
    if case.held_until is not None and case.today <= case.held_until:
        return Action(Step.PAUSE, on=case.held_until + timedelta(days=1))
    if case.amount < minimum:
        return Action(Step.PAUSE)
    if StageKind.SUSPENSION in case.told:
        return _announced(case.told[StageKind.SUSPENSION])
    return _next_stage(case, offsets=offsets, calendar=calendar)


def _while_suspended(case: Case) -> Action:
    if case.amount:
        return Action(Step.WATCH_DELETION)
    return Action(Step.PAUSE) if case.disputed else Action(Step.PROPOSE_REACTIVATION)


def _without_debt(case: Case) -> Action:
    if case.disputed:
        return Action(Step.PAUSE)
    return Action(Step.SETTLE) if case.told else Action(Step.NOTHING)


def _announced(suspension: Issued) -> Action:
    """The suspension was announced: it is done once somebody has received that."""
    step = Step.CONFIRM_SUSPENSION if suspension.heard else Step.MAKE_HEARD
    return Action(step, StageKind.SUSPENSION, suspension.access_changes_on)


def _next_stage(case: Case, *, offsets: Mapping[StageKind, int], calendar: WorkDays | None) -> Action:
    """The stage after the last that was given, on its day; one at a time, however late we are."""
    stage = next(kind for kind in ORDER if kind not in case.told)
    on = first_day(
        offsets,
        case.due_on,
        stage,
        given={kind: issued.on for kind, issued in case.told.items()},
        promised=max((issued.access_changes_on for issued in case.told.values()), default=None),
        calendar=calendar,
    )
    begins = max(on, moved_later(case.today, calendar))
    return Action(_step(case, stage, begins), stage, begins)


def _step(case: Case, stage: StageKind, on: date) -> Step:
    if case.today < on:
        return Step.WAIT
    if not all(issued.heard for issued in case.told.values()):
        return Step.MAKE_HEARD
    if not case.is_reachable:
        return Step.FIND_CONTACT
    if stage is StageKind.SUSPENSION:
        return Step.PROPOSE_SUSPENSION
    return Step.AWAIT_APPROVAL if stage in case.approved_by_people else Step.NOTIFY
