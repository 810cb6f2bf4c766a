"""When a mail is tried again, and which state may follow which."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product

import pytest

from helpdesk.notifications import rules
from helpdesk.notifications.breaker import LONGEST_PAUSE, Breaker
from helpdesk.notifications.models import OutboxState

ALLOWED = {
    (OutboxState.QUEUED, OutboxState.SENT),
    (OutboxState.QUEUED, OutboxState.DEAD),
    (OutboxState.QUEUED, OutboxState.PORTAL_ONLY),
    (OutboxState.DEAD, OutboxState.QUEUED),
    (OutboxState.DEAD, OutboxState.DROPPED),
}


@pytest.mark.parametrize(("before", "after"), list(product(OutboxState, OutboxState)))
def test_a_mail_moves_only_along_the_table(before: OutboxState, after: OutboxState) -> None:
    if (before, after) in ALLOWED:
        rules.check_move(before, after)
        return

    with pytest.raises(rules.MailNotDead):
        rules.check_move(before, after)


def test_waits_grow_fourfold_to_half_a_day_and_vary_by_a_quarter() -> None:
    waits = [rules.wait_before(attempt, chance=0.5) for attempt in range(1, 9)]

    assert [wait.total_seconds() for wait in waits[:4]] == [30, 120, 480, 1920]
    assert waits[-1] == rules.LONGEST_WAIT
    assert rules.wait_before(1, chance=0) == timedelta(seconds=22.5)
    assert rules.wait_before(1, chance=1) == timedelta(seconds=37.5)


def test_a_mail_is_given_up_after_eight_tries() -> None:
    assert [rules.is_given_up(attempts) for attempts in (1, 7, 8)] == [False, False, True]


def test_a_worker_without_a_sign_for_half_a_minute_is_late(now: datetime) -> None:
    assert rules.is_late(None, now=now)
    assert not rules.is_late(now - timedelta(seconds=30), now=now)
    assert rules.is_late(now - timedelta(seconds=31), now=now)


def test_a_server_that_cannot_be_reached_is_left_alone_longer_each_time(now: datetime) -> None:
    breaker = Breaker()
    pauses = []
    for _ in range(10):
        breaker.note_failure(now)
        assert breaker.open_until is not None
        pauses.append((breaker.open_until - now).total_seconds())

    assert pauses[:4] == [5, 10, 20, 40]
    assert pauses[-1] == LONGEST_PAUSE.total_seconds()
    assert not breaker.lets_through(now)
    assert breaker.lets_through(now + LONGEST_PAUSE)
    breaker.note_success()
    assert breaker.lets_through(now)
