"""Partner Center is read by itself: when it is time, by one worker, and what fails is told once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.billing.models import PartnerCenterReading, Subscription, VnetInvoice
from helpdesk.billing.queries.readings import partner_center_reading
from helpdesk.notifications.models import OutboxMessage
from helpdesk.partner_center.errors import NotConfigured, Throttled
from helpdesk.partner_center.jobs import read_when_due
from helpdesk.partner_center.ports import PartnerCenter
from helpdesk.partner_center.turns import (
    FIRST_PAUSE,
    SILENCE,
    is_due,
    note_failed,
    note_read,
    pause_after,
    show_life,
    take_turn,
)
from tests.cast import Cast
from tests.unit.partner_center.pretender import Pretender
from tests.unit.partner_center.test_client import client

EVERY = timedelta(hours=6)
DOWN = ["500"] * 4
"""As often as one call is tried."""
Read = Callable[[datetime], bool]


@pytest.fixture
def read(app: Flask, there: Pretender, session: Session, monkeypatch: pytest.MonkeyPatch) -> Read:
    """What the worker does at a moment, in an installation that has Partner Center set up."""
    del session
    on = app.config["HELPDESK"].model_copy(update={"partner_center_api": "on"})
    monkeypatch.setitem(app.config, "HELPDESK", on)
    return lambda now: read_when_due(app, lambda _settings: client(there), lambda: now)


def state(session: Session) -> PartnerCenterReading:
    session.expire_all()
    found = partner_center_reading(session)
    assert found is not None
    return found


def told(session: Session) -> list[str]:
    mails = select(OutboxMessage.recipient_name).where(OutboxMessage.kind == "partner_center_unread")
    return list(session.scalars(mails.order_by(OutboxMessage.id)))


def count(session: Session, model: type[Subscription | VnetInvoice]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_nothing_is_read_unless_it_is_set_up(app: Flask, session: Session) -> None:
    def never(_settings: object) -> PartnerCenter:
        raise AssertionError

    assert not read_when_due(app, never)
    assert partner_center_reading(session) is None


def test_everything_is_read_once_in_the_hours_that_are_set(session: Session, now: datetime, read: Read) -> None:
    moments = [now, now + EVERY - timedelta(seconds=1), now + EVERY]

    assert [read(moment) for moment in moments] == [True, False, True]

    found = state(session)
    assert (count(session, Subscription), count(session, VnetInvoice)) == (1, 2)
    assert (found.done_at, found.next_at, found.worker) == (now + EVERY, now + 2 * EVERY, "")
    assert (found.figures["customers"], found.figures["new_customers"], found.figures["invoices"]) == (2, 0, 2)


def test_a_failure_is_told_to_each_administrator_once_and_tried_again_more_and_more_rarely(
    session: Session, cast: Cast, now: datetime, there: Pretender, read: Read
) -> None:
    for failures in range(1, 4):
        there.faults = list(DOWN)
        assert read(now)
        found = state(session)
        assert (found.failures, found.next_at - now) == (failures, FIRST_PAUSE * 2 ** (failures - 1))
        assert not read(found.next_at - timedelta(seconds=1))
        now = found.next_at

    assert told(session) == [cast.root.name]
    assert found.problem is not None
    assert found.problem["sentence"].startswith("Partner Center cannot be reached now")


def test_after_a_success_the_next_failure_is_told_again(
    session: Session, cast: Cast, now: datetime, there: Pretender, read: Read
) -> None:
    for faults in (DOWN, [], DOWN):
        there.faults = list(faults)
        assert read(now)
        now = state(session).next_at

    assert told(session) == [cast.root.name] * 2
    found = state(session)
    assert (found.failures, found.done_at is not None, found.figures["customers"]) == (1, True, 2)


def test_what_was_read_before_a_failure_stays_and_the_rest_follows(
    session: Session, now: datetime, there: Pretender, read: Read
) -> None:
    there.faults = ["", "", "", *DOWN]  # two pages of customers, the first one's subscriptions, then nothing more

    assert read(now)
    assert (count(session, Subscription), count(session, VnetInvoice)) == (1, 0)

    assert read(state(session).next_at)
    assert count(session, VnetInvoice) == 2


def test_a_customer_whom_partner_center_does_not_show_us_keeps_the_others_from_nothing(
    session: Session, now: datetime, there: Pretender, read: Read
) -> None:
    there.faults = ["", "", "20002"]

    assert read(now)

    found = state(session)
    assert (found.failures, found.figures["refused"], count(session, VnetInvoice)) == (0, 1, 2)


@pytest.mark.parametrize("error", [NotConfigured(), ValueError("odd")])
def test_no_failure_stops_the_worker(app: Flask, session: Session, now: datetime, read: Read, error: Exception) -> None:
    del read

    def broken(_settings: object) -> PartnerCenter:
        raise error

    assert read_when_due(app, broken, lambda: now)
    assert state(session).failures == 1


def test_one_worker_reads_at_a_time_and_another_takes_over_who_is_silent(session: Session, now: datetime) -> None:
    first = take_turn(session, worker="one", now=now)
    assert first is not None
    assert take_turn(session, worker="two", now=now) is None

    show_life(session, first, now=now + SILENCE)
    later = now + 2 * SILENCE
    assert not is_due(session, now=later)
    assert take_turn(session, worker="two", now=later) is None

    later += timedelta(seconds=1)
    second = take_turn(session, worker="two", now=later)
    assert second is not None
    note_read(session, first, figures={"customers": 9}, every=EVERY, now=later)
    assert (state(session).worker, state(session).figures) == ("two", {})


def test_a_wait_that_partner_center_asks_for_is_kept(session: Session, cast: Cast, now: datetime) -> None:
    turn = take_turn(session, worker="one", now=now)
    assert turn is not None

    note_failed(session, turn, Throttled(seconds=86400), every=EVERY, now=now)

    assert state(session).next_at == now + timedelta(days=1)
    assert told(session) == [cast.root.name]


@given(failures=st.integers(1, 10_000), hours=st.integers(1, 168))
def test_the_pause_grows_and_is_never_longer_than_the_hours_that_are_set(failures: int, hours: int) -> None:
    every = timedelta(hours=hours)

    pauses = [pause_after(number, every=every) for number in (failures, failures + 1)]

    assert FIRST_PAUSE <= pauses[0] <= pauses[1] <= every
