"""When a mail is tried again, when it is given up, and which state may follow which."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from helpdesk.errors import DomainError
from helpdesk.notifications.models import OutboxState

TRIES: Final = 8
"""A message that the mail server refused this often is dead: after about a day."""

FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=12)
WAIT_DOUBLINGS: Final = 2
"""Each wait is four times the one before: 30 s, 2 min, 8 min, half an hour, two hours, eight, twelve."""
JITTER: Final = 0.25
"""Waits differ by up to a quarter, so that many messages do not come back at once."""

LEASE: Final = timedelta(minutes=5)
"""How long a worker may hold a message before another takes it for lost."""

WORKER_LATE_AFTER: Final = timedelta(seconds=30)
"""A worker that gave no sign for this long is taken to be stopped."""

TRANSITIONS: Final[dict[OutboxState, frozenset[OutboxState]]] = {
    OutboxState.QUEUED: frozenset({OutboxState.SENT, OutboxState.DEAD, OutboxState.PORTAL_ONLY}),
    OutboxState.SENT: frozenset(),
    OutboxState.DEAD: frozenset({OutboxState.QUEUED, OutboxState.DROPPED}),
    OutboxState.DROPPED: frozenset(),
    OutboxState.PORTAL_ONLY: frozenset(),
}


class MailNotDead(DomainError):
    """Only a mail that could not be delivered can be tried again or dropped. Load the page again to see."""


def check_move(before: OutboxState, after: OutboxState) -> None:
    """Refuse what `TRANSITIONS` does not allow. Raises `MailNotDead`."""
    if after not in TRANSITIONS[before]:
        raise MailNotDead


def wait_before(attempt: int, *, chance: float) -> timedelta:
    """How long to wait after the `attempt`-th failed try (from 1); `chance` in 0..1 gives the jitter."""
    wait = min(FIRST_WAIT * (1 << WAIT_DOUBLINGS * min(attempt - 1, 10)), LONGEST_WAIT)
    return wait * (1 + JITTER * (2 * chance - 1))


def is_given_up(attempts: int) -> bool:
    """Whether that many failed tries are enough."""
    return attempts >= TRIES


def is_late(last_sign: datetime | None, *, now: datetime) -> bool:
    """Whether the worker's last sign of life is missing or too old."""
    return last_sign is None or now - last_sign > WORKER_LATE_AFTER
