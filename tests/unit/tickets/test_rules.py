"""The laws of a ticket's life, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from helpdesk.tickets.models import EventKind, Priority, TicketState, Topic
from helpdesk.tickets.rules.loop import (
    DisputeUndecided,
    LoopStillOpen,
    NothingToReopen,
    NotRateable,
    ReopenTooLate,
    check_dispute_decided,
    check_explained,
    check_rating,
    check_reopen,
    closes_itself_at,
)
from helpdesk.tickets.rules.promise import ClockWord, after_a_pause, answer_due, clock_of, kept_promise
from helpdesk.tickets.rules.states import (
    TRANSITIONS,
    TicketClosed,
    TransitionRefused,
    after_customer_wrote,
    after_our_answer,
    check_transition,
)
from helpdesk.tickets.rules.timeline import CUSTOMER_EVENTS, Step, stations
from helpdesk.tickets.rules.topics import TOPIC_FIELDS, first_priority
from helpdesk.workcalendar.services import partner_calendar

S = TicketState
ALLOWED = {
    (S.NEW, S.OPEN),
    (S.NEW, S.WAITING_CUSTOMER),
    (S.NEW, S.WITH_21VIANET),
    (S.NEW, S.RESOLVED),
    (S.NEW, S.CLOSED),
    (S.OPEN, S.WAITING_CUSTOMER),
    (S.OPEN, S.WITH_21VIANET),
    (S.OPEN, S.RESOLVED),
    (S.OPEN, S.CLOSED),
    (S.WAITING_CUSTOMER, S.OPEN),
    (S.WAITING_CUSTOMER, S.WITH_21VIANET),
    (S.WAITING_CUSTOMER, S.RESOLVED),
    (S.WAITING_CUSTOMER, S.CLOSED),
    (S.WITH_21VIANET, S.OPEN),
    (S.RESOLVED, S.OPEN),
    (S.RESOLVED, S.CLOSED),
    (S.CLOSED, S.OPEN),
}
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
BEIJING = partner_calendar("Asia/Shanghai")


@pytest.mark.parametrize(("before", "after"), list(product(S, S)))
def test_every_pair_of_states_is_allowed_or_refused(before: S, after: S) -> None:
    if (before, after) in ALLOWED:
        check_transition(before, after)
        return
    with pytest.raises(TransitionRefused):
        check_transition(before, after)


def test_the_table_names_every_state() -> None:
    assert set(TRANSITIONS) == set(S)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (S.NEW, S.WAITING_CUSTOMER),
        (S.OPEN, S.WAITING_CUSTOMER),
        (S.WAITING_CUSTOMER, S.WAITING_CUSTOMER),
        (S.WITH_21VIANET, S.WITH_21VIANET),
        (S.RESOLVED, S.RESOLVED),
    ],
)
def test_our_answer_gives_the_turn_to_the_customer(before: S, after: S) -> None:
    assert after_our_answer(before) is after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (S.NEW, S.NEW),
        (S.OPEN, S.OPEN),
        (S.WAITING_CUSTOMER, S.OPEN),
        (S.WITH_21VIANET, S.WITH_21VIANET),
        (S.RESOLVED, S.OPEN),
    ],
)
def test_the_customers_words_give_the_turn_to_us(before: S, after: S) -> None:
    assert after_customer_wrote(before) is after


def test_nobody_writes_on_a_closed_ticket() -> None:
    with pytest.raises(TicketClosed):
        after_our_answer(S.CLOSED)
    with pytest.raises(TicketClosed):
        after_customer_wrote(S.CLOSED)


@pytest.mark.parametrize("explained_at", [None, NOON - HOUR])
def test_what_happened_last_must_be_explained(explained_at: datetime | None) -> None:
    with pytest.raises(LoopStillOpen):
        check_explained(explained_at=explained_at, loop_opened_at=NOON)


def test_an_explanation_after_the_last_event_closes_the_loop() -> None:
    check_explained(explained_at=NOON + HOUR, loop_opened_at=NOON)


def test_an_open_dispute_must_be_decided() -> None:
    check_dispute_decided(is_open=False, decided=False)
    check_dispute_decided(is_open=True, decided=True)
    with pytest.raises(DisputeUndecided):
        check_dispute_decided(is_open=True, decided=False)


def test_a_settled_ticket_reopens_for_fourteen_days() -> None:
    check_reopen(S.CLOSED, settled_at=NOON, now=NOON + timedelta(days=14))
    with pytest.raises(ReopenTooLate):
        check_reopen(S.CLOSED, settled_at=NOON, now=NOON + timedelta(days=14, seconds=1))
    with pytest.raises(NothingToReopen):
        check_reopen(S.OPEN, settled_at=None, now=NOON)


def test_an_unanswered_ticket_closes_after_five_working_days() -> None:
    assert closes_itself_at(NOON, BEIJING) == NOON + timedelta(days=7)


@pytest.mark.parametrize(("state", "rating"), [(S.RESOLVED, 5), (S.CLOSED, 0), (S.CLOSED, 6)])
def test_only_a_closed_ticket_is_rated_from_one_to_five(state: S, rating: int) -> None:
    check_rating(S.CLOSED, 1)
    with pytest.raises(NotRateable):
        check_rating(state, rating)


def test_the_promise_is_counted_in_working_hours() -> None:
    friday_evening = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)

    assert answer_due(4, now=NOON, calendar=BEIJING) == NOON + 4 * HOUR
    assert answer_due(8, now=friday_evening, calendar=BEIJING) == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


def test_a_promise_never_moves_back_but_stands_still_with_21vianet() -> None:
    assert kept_promise(NOON, NOON + HOUR) == NOON
    assert kept_promise(NOON, NOON - HOUR) == NOON - HOUR
    assert after_a_pause(NOON + HOUR, paused_at=NOON, now=NOON + 3 * HOUR, calendar=BEIJING) == NOON + 4 * HOUR


@pytest.mark.parametrize(
    ("state", "left", "word"),
    [
        (S.NEW, 5 * HOUR, ClockWord.LEFT),
        (S.OPEN, HOUR, ClockWord.SOON),
        (S.OPEN, -HOUR, ClockWord.LATE),
        (S.WAITING_CUSTOMER, -HOUR, ClockWord.CUSTOMER),
        (S.WITH_21VIANET, -HOUR, ClockWord.VNET),
        (S.RESOLVED, -HOUR, ClockWord.CONFIRMATION),
        (S.CLOSED, -HOUR, ClockWord.DONE),
    ],
)
def test_the_clock_speaks(state: S, left: timedelta, word: ClockWord) -> None:
    assert clock_of(state, NOON + left, now=NOON).word is word


def test_a_customer_follows_the_way_of_a_ticket() -> None:
    events = [(EventKind.OPENED, NOON), (EventKind.TRIAGED, NOON + HOUR), (EventKind.ESCALATED, NOON + 2 * HOUR)]

    way = stations(events, S.WITH_21VIANET)

    assert [(station.step, station.is_reached, station.is_current) for station in way] == [
        (Step.RECEIVED, True, False),
        (Step.WORKED_ON, True, False),
        (Step.WITH_21VIANET, True, True),
        (Step.ANSWERED, False, False),
        (Step.CLOSED, False, False),
    ]


def test_21vianet_is_no_station_of_a_ticket_that_was_never_there() -> None:
    assert Step.WITH_21VIANET not in {station.step for station in stations([(EventKind.OPENED, NOON)], S.NEW)}


def test_a_reopened_ticket_is_worked_on_again() -> None:
    events = [
        (EventKind.OPENED, NOON),
        (EventKind.RESOLVED, NOON),
        (EventKind.CONFIRMED, NOON),
        (EventKind.REOPENED, NOON),
    ]

    way = {station.step: station for station in stations(events, S.OPEN, answered_at=NOON)}

    assert way[Step.WORKED_ON].is_current
    assert not way[Step.ANSWERED].is_reached
    assert not way[Step.CLOSED].is_reached


def test_the_partners_own_business_is_not_for_the_customer() -> None:
    assert not CUSTOMER_EVENTS & {EventKind.TRIAGED, EventKind.STATE_CHANGED, EventKind.RATED}


def test_every_topic_says_what_it_asks_and_how_soon() -> None:
    assert set(TOPIC_FIELDS) == set(Topic)
    assert {first_priority(topic) for topic in Topic} == {Priority.NORMAL, Priority.HIGH}
    assert TOPIC_FIELDS[Topic.DISPUTE].required == ("line",)
