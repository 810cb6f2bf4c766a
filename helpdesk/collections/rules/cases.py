"""How a suspension case moves, and what keeps it from moving."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from helpdesk.billing.models import SubscriptionState
from helpdesk.collections.models import CaseState
from helpdesk.errors import DomainError

TRANSITIONS: Final[dict[CaseState, frozenset[CaseState]]] = {
    CaseState.PROPOSED: frozenset({CaseState.APPROVED, CaseState.DROPPED}),
    CaseState.APPROVED: frozenset({CaseState.SUSPENDED, CaseState.DROPPED}),
    CaseState.SUSPENDED: frozenset({CaseState.REACTIVATED, CaseState.DELETED}),
    CaseState.REACTIVATED: frozenset(),
    CaseState.DELETED: frozenset(),
    CaseState.DROPPED: frozenset({CaseState.SUSPENDED}),
}
REMINDED_DAYS: Final = (30, 14, 7, 3, 1)
"""Days before the deletion on which agent and customer are reminded. Source: the issue of collections."""


class CaseCannotMove(DomainError):
    """Somebody was quicker: this case has moved on meanwhile. Load the page again."""


class CaseIsOpen(DomainError):
    """There is an open case about this subscription already."""


class NotDueForSuspension(DomainError):
    """By the policy this may not be suspended now: a payment, a dispute, a hold or a notice came between."""


class OwnProposal(DomainError):
    """You proposed this suspension yourself. Another lead must look at it."""


class OrderIsOpen(DomainError):
    """Partner Center has been asked already. Wait for what it answers."""


class DataStillThere(DomainError):
    """The data is kept until %(day)s. Before that day the subscription can be reactivated."""


class NotConfirmed(DomainError):
    """Say that you saw the new state in Partner Center before you record it."""


def check_move(before: CaseState, after: CaseState) -> None:
    """Refuse what `TRANSITIONS` does not allow. Raises `CaseCannotMove`."""
    if after not in TRANSITIONS[before]:
        raise CaseCannotMove


def check_allowed(approved_at: datetime | None) -> None:
    """Refuse to record as done what nobody approved. Raises `CaseCannotMove`."""
    if approved_at is None:
        raise CaseCannotMove


def state_on_record(read: SubscriptionState, case: CaseState | None) -> SubscriptionState:
    """Whether a subscription with an open case is suspended by our own record.

    Partner Center may be `read` between what somebody did there and their record of it.
    """
    if case is None or read not in {SubscriptionState.ACTIVE, SubscriptionState.SUSPENDED}:
        return read
    return SubscriptionState.SUSPENDED if case is CaseState.SUSPENDED else SubscriptionState.ACTIVE


def reminder_due(days_left: int) -> int | None:
    """Which of `REMINDED_DAYS` is due; a run that comes late sends the last one only."""
    if days_left < 0:
        return None
    return next((days for days in reversed(REMINDED_DAYS) if days_left <= days), None)
