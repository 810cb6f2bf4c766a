"""When a suspension may be recorded, and when a subscription comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from helpdesk.billing.models import SubscriptionState
from helpdesk.collections.models import NoticeState, StageKind
from helpdesk.collections.rules.notices import NothingOverdue, NoticeEnded, StageTooEarly
from helpdesk.errors import DomainError
from helpdesk.money import Money

TRANSITIONS: Final[dict[SubscriptionState, frozenset[SubscriptionState]]] = {
    SubscriptionState.ACTIVE: frozenset({SubscriptionState.SUSPENDED}),
    SubscriptionState.SUSPENDED: frozenset({SubscriptionState.ACTIVE, SubscriptionState.DELETED}),
    SubscriptionState.CANCELLED: frozenset(),
    SubscriptionState.DELETED: frozenset(),
}
"""What collections may do to a subscription; a cancellation is the customer's, not ours."""


class SuspensionNotAnnounced(DomainError):
    """Issue the notice of the suspension first; the customer must have it before access changes."""


class SubscriptionCannotChange(DomainError):
    """This subscription is %(before)s and cannot become %(after)s."""


class ReactivatedTooLate(DomainError):
    """The data of this subscription was to be deleted on %(day)s. Was it switched on before? Then say on which day."""


class ReactivatedWhen(DomainError):
    """It was switched on between the suspension and today. Correct the day."""


@dataclass(frozen=True, slots=True)
class SuspensionFacts:
    """What decides whether a suspension may be recorded."""

    stage: StageKind
    notice: NoticeState
    subscription: SubscriptionState
    access_changes_on: date
    due: Money
    """Overdue and undisputed now: a payment or dispute that came in meanwhile counts."""
    today: date


def check_suspension(facts: SuspensionFacts) -> None:
    """Refuse a suspension that the customer was not told of, or that has lost its reason.

    Raises `NoticeEnded`, `SuspensionNotAnnounced`, `SubscriptionCannotChange`, `NothingOverdue`, `StageTooEarly`.
    """
    if facts.notice is not NoticeState.IN_FORCE:
        raise NoticeEnded
    if facts.stage is not StageKind.SUSPENSION:
        raise SuspensionNotAnnounced
    check_state(facts.subscription, SubscriptionState.SUSPENDED)
    if not facts.due:
        raise NothingOverdue
    if facts.today < facts.access_changes_on:
        raise StageTooEarly(day=facts.access_changes_on.isoformat())


def check_state(before: SubscriptionState, after: SubscriptionState) -> None:
    """Refuse what `TRANSITIONS` does not allow. Raises `SubscriptionCannotChange`."""
    if after not in TRANSITIONS[before]:
        raise SubscriptionCannotChange(before=before.value, after=after.value)


def reactivated_on(day: date | None, *, suspended_on: date | None, today: date) -> date:
    """The day on which it was switched on: what somebody says, or today. Raises `ReactivatedWhen`."""
    if day is not None and not (suspended_on or day) <= day <= today:
        raise ReactivatedWhen
    return day or today


def check_reactivation(before: SubscriptionState, *, data_deleted_on: date | None, on: date) -> None:
    """Refuse what is not suspended, or was switched `on` after its data was deleted.

    Raises `SubscriptionCannotChange`, `ReactivatedTooLate`.
    """
    check_state(before, SubscriptionState.ACTIVE)
    if data_deleted_on is not None and on >= data_deleted_on:
        raise ReactivatedTooLate(day=data_deleted_on.isoformat())
