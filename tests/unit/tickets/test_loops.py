"""Loops closed: how each resolution ended, from the rules and from a ticket's whole life."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from helpdesk.notifications.models import Delivery, DeliveryState, OutboxMessage
from helpdesk.tickets.jobs import autoclose
from helpdesk.tickets.models import EventKind, Ticket, TicketState, Topic
from helpdesk.tickets.queries.loops import loops_since
from helpdesk.tickets.rules.loop import LoopStillOpen, ReopenTooLate
from helpdesk.tickets.rules.loops import (
    LOOP_EVENTS,
    Ending,
    Happened,
    Tally,
    by_month_and_topic,
    loops_of,
    months_up_to,
    together,
)
from helpdesk.tickets.services import confirm, reopen, reply, resolve_ticket
from tests.cast import Cast
from tests.unit.tickets.scenes import HOUR, opened, resolved

START = datetime(2026, 10, 31, 17, tzinfo=UTC)
"""1 November in Beijing."""
K = EventKind


def told(*kinds: EventKind, ticket: int = 1) -> list[Happened]:
    return [Happened(ticket, Topic.DISPUTE, kind, START + turn * HOUR) for turn, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("kinds", "endings"),
    [
        ((K.RESOLVED,), [Ending.WAITING]),
        ((K.RESOLVED, K.CONFIRMED), [Ending.CONFIRMED]),
        ((K.RESOLVED, K.CLOSED), [Ending.RAN_OUT]),
        ((K.RESOLVED, K.REOPENED), [Ending.REOPENED]),
        ((K.RESOLVED, K.CLOSED, K.REOPENED, K.RESOLVED, K.CONFIRMED), [Ending.REOPENED, Ending.CONFIRMED]),
        ((K.CONFIRMED,), []),
    ],
)
def test_each_resolution_ends_as_the_last_word_says(kinds: tuple[EventKind, ...], endings: list[Ending]) -> None:
    assert [loop.ending for loop in loops_of(told(*kinds), undelivered=())] == endings


def test_an_explanation_that_came_back_closes_no_loop() -> None:
    events = [*told(K.RESOLVED), *told(K.RESOLVED, K.CONFIRMED, ticket=2)]

    assert [loop.ending for loop in loops_of(events, undelivered={1, 2, 3})] == [Ending.BOUNCED, Ending.CONFIRMED]


@given(kinds=st.lists(st.sampled_from(LOOP_EVENTS), max_size=12))
def test_every_resolution_is_counted_once(kinds: list[EventKind]) -> None:
    loops = loops_of(told(*kinds), undelivered=())
    tallies = by_month_and_topic(loops, zone=ZoneInfo("Asia/Shanghai"))
    total = together(tallies.values())

    assert total.resolved == kinds.count(K.RESOLVED)
    assert total.closed <= total.resolved
    assert set(tallies) <= {(date(2026, 11, 1), Topic.DISPUTE)}


def test_nothing_resolved_is_no_share() -> None:
    assert Tally().share is None


def test_months_go_back_over_the_year() -> None:
    assert months_up_to(date(2027, 1, 31), 3) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


def endings(session: Session, now: datetime) -> list[Ending]:
    return [loop.ending for loop in loops_since(session, now - timedelta(days=90))]


def explanation_is(session: Session, ticket: Ticket, state: DeliveryState, at: datetime) -> None:
    of_it = sa.select(Delivery).join(OutboxMessage, OutboxMessage.id == Delivery.message_id)
    for delivery in session.scalars(of_it.where(OutboxMessage.kind == "ticket_resolved")):
        if delivery.subject_id == ticket.id:
            delivery.state, delivery.at = state, at
    session.flush()


def test_a_whole_life_from_a_bounce_to_a_confirmed_answer(
    app: Flask, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = resolved(session, cast, now)
    assert endings(session, now) == [Ending.WAITING]

    explanation_is(session, ticket, DeliveryState.BOUNCED, now + HOUR)
    with app.app_context():
        autoclose(session, now + timedelta(days=60))
    assert (ticket.state, endings(session, now)) == (TicketState.RESOLVED, [Ending.BOUNCED])

    reply(session, ticket, body="还是不对。", by=cast.wang_fang, now=now + 2 * HOUR)
    with pytest.raises(LoopStillOpen):
        resolve_ticket(session, ticket, explanation="", by=cast.tom, now=now + 3 * HOUR)
    resolve_ticket(session, ticket, explanation="Now it is.", by=cast.tom, now=now + 3 * HOUR)
    confirm(session, ticket, by=cast.wang_fang, now=now + 4 * HOUR)

    assert (ticket.state, endings(session, now)) == (TicketState.CLOSED, [Ending.REOPENED, Ending.CONFIRMED])


def test_a_delivered_explanation_that_ran_its_days_is_a_closed_loop_until_it_is_reopened(
    app: Flask, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = resolved(session, cast, now)
    explanation_is(session, ticket, DeliveryState.ACCEPTED, now + HOUR)
    with app.app_context():
        autoclose(session, now + timedelta(days=8))
    ran_out = endings(session, now)

    reopen(session, ticket, body="还没有。", by=cast.wang_fang, now=utc_of(ticket) + timedelta(days=14))

    assert (ran_out, endings(session, now)) == ([Ending.RAN_OUT], [Ending.REOPENED])


def test_after_the_set_days_only_a_new_ticket_helps(session: Session, cast: Cast, now: datetime) -> None:
    ticket = resolved(session, cast, now)
    confirm(session, ticket, by=cast.wang_fang, now=now + 2 * HOUR)

    with pytest.raises(ReopenTooLate):
        reopen(session, ticket, body="还没有。", by=cast.wang_fang, now=now + timedelta(days=15))

    assert opened(session, cast.wang_fang, now + timedelta(days=15)).number == ticket.number + 1


def utc_of(ticket: Ticket) -> datetime:
    assert ticket.closed_at is not None
    return ticket.closed_at
