"""How soon we answer, by topic and priority."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from helpdesk.limits import FIRST_ANSWER_HOURS
from helpdesk.tickets.models import Priority, Topic
from helpdesk.tickets.queries.targets import current_targets
from helpdesk.tickets.rules.clocks import clocks_of
from helpdesk.tickets.rules.promise import after_a_pause
from helpdesk.tickets.rules.targets import Goal, TargetOutOfRange, Targets
from helpdesk.tickets.services import answered_by_21vianet, hand_to_21vianet, reply, triage
from helpdesk.tickets.services.targets import forget_topic, set_targets
from tests.cast import Cast
from tests.unit.tickets.scenes import CALENDAR, HOUR, opened

MOMENTS = st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2026, 11, 1)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=UTC)
)


def chosen(session: Session, cast: Cast, now: datetime, topic: str, *hours: int) -> None:
    goals = dict.fromkeys(Priority, Goal(*hours))
    set_targets(session, topic=topic, goals=goals, by=cast.mei, now=now)


def test_a_topic_beats_every_topic_which_beats_how_we_began() -> None:
    targets = Targets({("fapiao", Priority.LOW): Goal(1, 2, 3), ("", Priority.LOW): Goal(4, 5, 6)})

    assert targets.of(Topic.FAPIAO, Priority.LOW) == Goal(1, 2, 3)
    assert targets.of(Topic.POLICY, Priority.LOW) == Goal(4, 5, 6)
    assert targets.of(Topic.POLICY, Priority.HIGH).first == FIRST_ANSWER_HOURS["high"]


def test_first_and_later_answers_have_clocks_of_their_own(session: Session, cast: Cast, now: datetime) -> None:
    chosen(session, cast, now, "question", 3, 2, 20)

    ticket = opened(session, cast.wang_fang, now)
    first = ticket.answer_due_at
    reply(session, ticket, body="Look here.", by=cast.tom, now=now + HOUR, calendar=CALENDAR)
    reply(session, ticket, body="还是不懂。", by=cast.wang_fang, now=now + HOUR, calendar=CALENDAR)

    assert first == now + 3 * HOUR
    assert ticket.answer_due_at == now + 3 * HOUR
    clocks = clocks_of(ticket, ticket.events, resolution_hours=20, now=now + HOUR, calendar=CALENDAR)
    assert clocks.resolution_due_at == CALENDAR.add_hours(now, 20)


def test_another_topic_moves_the_promise_forward_and_never_back(session: Session, cast: Cast, now: datetime) -> None:
    chosen(session, cast, now, "dispute", 1, 1, 9)
    ticket = opened(session, cast.wang_fang, now)

    for topic in (Topic.DISPUTE, Topic.POLICY):
        rank, by = ticket.priority, cast.tom
        triage(session, ticket, topic=topic, priority=rank, owner=None, by=by, now=now, calendar=CALENDAR)

    assert ticket.answer_due_at == now + HOUR


def test_promises_that_were_made_stay(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    before = ticket.answer_due_at

    chosen(session, cast, now, "", 90, 90, 90)

    assert ticket.answer_due_at == before
    assert opened(session, cast.wang_fang, now).answer_due_at > before


def test_a_topic_goes_back_to_the_usual_hours(session: Session, cast: Cast, now: datetime) -> None:
    chosen(session, cast, now, "question", 3, 2, 20)

    forget_topic(session, topic="question", by=cast.mei, now=now)

    assert current_targets(session).of(Topic.QUESTION, Priority.LOW) == Targets().of(Topic.QUESTION, Priority.LOW)


@pytest.mark.parametrize("hours", [(0, 1, 1), (1, 0, 1), (1, 1, 901)])
def test_hours_out_of_range_are_refused(
    session: Session, cast: Cast, now: datetime, hours: tuple[int, int, int]
) -> None:
    with pytest.raises(TargetOutOfRange):
        chosen(session, cast, now, "", *hours)


def test_while_21vianet_has_it_no_working_time_of_ours_passes(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    left = CALENDAR.hours_between(now + HOUR, ticket.answer_due_at)
    hand_to_21vianet(session, ticket, by=cast.tom, now=now + HOUR)
    saturday = datetime(2026, 11, 28, 6, tzinfo=UTC)

    answered_by_21vianet(session, ticket, now=saturday, by=cast.tom, calendar=CALENDAR)

    assert CALENDAR.hours_between(saturday, ticket.answer_due_at) == pytest.approx(left)
    assert CALENDAR.is_open(ticket.answer_due_at - timedelta(minutes=1))


@settings(max_examples=60, deadline=None)
@given(start=MOMENTS, promised=st.floats(-20, 40), pause=st.integers(0, 400))
def test_a_pause_leaves_as_much_working_time_as_there_was(start: datetime, promised: float, pause: int) -> None:
    due = CALENDAR.add_hours(start, promised) if promised > 0 else CALENDAR.hours_before(start, 0.01 - promised)
    now = start + pause * HOUR

    moved = after_a_pause(due, paused_at=start, now=now, calendar=CALENDAR)

    assert CALENDAR.hours_between(now, moved) == pytest.approx(CALENDAR.hours_between(start, due), abs=1e-3)
