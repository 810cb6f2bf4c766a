"""What people may decide beside the policy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from helpdesk.errors import DomainError
from helpdesk.money import Money

LONGEST_DAYS: Final = 180
"""A hold, an exception or a promise may not run for longer. Our choice."""
MOST_EXTRA_DAYS: Final = 90


class DayNotAhead(DomainError):
    """Choose a day from tomorrow on, at most %(days)s days ahead."""


class ReasonMissing(DomainError):
    """Write down why, in a sentence that a colleague understands next month."""


class ExtraDaysOutOfRange(DomainError):
    """Give between 1 and %(days)s extra days."""


class PromiseNeedsAmount(DomainError):
    """A promise to pay needs an amount above zero."""


class HoldEnded(DomainError):
    """This hold has ended already."""


class PromiseState(StrEnum):
    """What became of a promise to pay."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"


def check_ahead(day: date, *, today: date) -> None:
    """Refuse a day that is not ahead, or too far. Raises `DayNotAhead`."""
    if not today < day <= today + timedelta(days=LONGEST_DAYS):
        raise DayNotAhead(days=LONGEST_DAYS)


def check_reason(reason: str) -> None:
    """Refuse an empty reason. Raises `ReasonMissing`."""
    if not reason.strip():
        raise ReasonMissing


def promise_state(amount: Money, promised_on: date, paid: Iterable[Money], *, today: date) -> PromiseState:
    """Kept once so much was paid since; broken from the day after the promised one."""
    if sum(paid, Money.zero(amount.currency)) >= amount:
        return PromiseState.KEPT
    return PromiseState.BROKEN if today > promised_on else PromiseState.OPEN
