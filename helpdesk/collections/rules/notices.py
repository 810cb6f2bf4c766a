"""Whether a notice may be issued, and how one ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from helpdesk.collections.models import NoticeState, StageKind
from helpdesk.collections.rules.schedule import earlier_stages
from helpdesk.errors import DomainError
from helpdesk.money import Money

TRANSITIONS: Final[dict[NoticeState, frozenset[NoticeState]]] = {
    NoticeState.IN_FORCE: frozenset({NoticeState.SETTLED, NoticeState.WITHDRAWN, NoticeState.SUPERSEDED}),
    NoticeState.SETTLED: frozenset(),
    NoticeState.WITHDRAWN: frozenset(),
    NoticeState.SUPERSEDED: frozenset(),
}


class NothingOverdue(DomainError):
    """Nothing on this subscription is overdue and undisputed, so there is nothing to give notice of."""


class BelowMinimum(DomainError):
    """%(amount)s is less than the policy's smallest amount, %(minimum)s."""


class EarlierStageMissing(DomainError):
    """An earlier stage of the policy was not announced to the customer yet."""


class EarlierStageUnheard(DomainError):
    """Nobody at the customer has received or acknowledged the notice of an earlier stage."""


class StageIssuedBefore(DomainError):
    """The customer has this notice, or a later one, already."""


class StageTooEarly(DomainError):
    """By the policy this stage comes on %(day)s, not before."""


class PolicyNotInForce(DomainError):
    """This version of the policy is not in force."""


class NotDueForApproval(DomainError):
    """No notice waits for an approval here now: it was given meanwhile, or something came between."""


class NobodyReachable(DomainError):
    """No billing contact of this customer can be reached by mail. Find one before the next stage."""


class NoticeEnded(DomainError):
    """This notice is not in force any more."""


class NoticeStillDue(DomainError):
    """%(amount)s of this notice is still to be paid."""


class SuspensionStands(DomainError):
    """The subscription is still suspended. Record its reactivation; that ends the notice."""


@dataclass(frozen=True, slots=True)
class Issued:
    """An earlier notice about the same debt."""

    stage: StageKind
    on: date
    access_changes_on: date
    heard: bool
    """A contact's mail server took it, or somebody acknowledged it in the portal."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of one debt, and the due date from which its stages are counted."""

    told: Mapping[StageKind, Issued]
    due_on: date | None


def said_of(notices: Sequence[tuple[Issued, frozenset[int]]], due: Mapping[int, date]) -> Said:
    """The notices that count: every stage about one and the same invoice that is still overdue.

    `notices` are those since the last settlement in the order of issue, each with its invoices; `due` has the due
    dates of what is overdue now. An invoice that joined late, when the earlier stages spoke of others, starts anew
    once those are paid.
    """
    best = Said({}, min(due.values(), default=None))
    for invoice, on in sorted(due.items(), key=lambda item: (item[1], item[0])):
        told: dict[StageKind, Issued] = {}
        for issued, invoices in notices:
            before = earlier_stages(issued.stage)
            if invoice in invoices and all(kind in told for kind in before):
                told = {kind: told[kind] for kind in before} | {issued.stage: issued}
        if len(told) > len(best.told):
            best = Said(told, on)
    return best


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides about a stage."""

    today: date
    amount: Money
    minimum: Money
    first_day: date
    """The first day on which the stage may come; `rules.schedule.first_day` says it."""
    issued: Mapping[StageKind, Issued]


def check_issue(stage: StageKind, facts: Facts) -> None:
    """Refuse a notice that the policy does not allow.

    Raises `NothingOverdue`, `BelowMinimum`, `StageIssuedBefore`, `EarlierStageMissing`, `EarlierStageUnheard`,
    `StageTooEarly`.
    """
    if not facts.amount:
        raise NothingOverdue
    if facts.amount < facts.minimum:
        raise BelowMinimum(amount=str(facts.amount), minimum=str(facts.minimum))
    _check_earlier(stage, facts)
    if facts.today < facts.first_day:
        raise StageTooEarly(day=facts.first_day.isoformat())


def _check_earlier(stage: StageKind, facts: Facts) -> None:
    before = earlier_stages(stage)
    if any(known not in before for known in facts.issued):
        raise StageIssuedBefore
    if any(kind not in facts.issued for kind in before):
        raise EarlierStageMissing
    if _cuts_off(stage) and not all(facts.issued[kind].heard for kind in before):
        raise EarlierStageUnheard


def _cuts_off(stage: StageKind) -> bool:
    return stage in {StageKind.SUSPENSION, StageKind.DELETION}


def check_end(state: NoticeState, outcome: NoticeState) -> None:
    """Refuse what `TRANSITIONS` does not allow. Raises `NoticeEnded`."""
    if outcome not in TRANSITIONS[state]:
        raise NoticeEnded
