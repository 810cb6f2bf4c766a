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
    """The data of this subscription was to be deleted on %(day)s. Ask 21Vianet before you record anything."""


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


def check_reactivation(before: SubscriptionState, *, data_deleted_on: date | None, today: date) -> None:
    """Refuse to reactivate what is not suspended, or what may be gone.

    Raises `SubscriptionCannotChange`, `ReactivatedTooLate`.
    """
    check_state(before, SubscriptionState.ACTIVE)
    if data_deleted_on is not None and today >= data_deleted_on:
        raise ReactivatedTooLate(day=data_deleted_on.isoformat())
