"""Whose time it took, and how well we escalate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from helpdesk.escalations.models import ContactEffect, EscalationReason, EscalationState, Outcome
from helpdesk.escalations.quality import Past, median_hours, months_until, tally, trend, vnet_hours
from helpdesk.escalations.queries.history import time_split_of
from helpdesk.escalations.queries.quality import past_cases, time_split_by_month
from helpdesk.escalations.services import log_contact, record_answer
from helpdesk.escalations.time_split import Party, marks_of, split
from helpdesk.tickets.models import TicketState, Topic
from helpdesk.workcalendar.services import vnet_calendar
from tests.cast import Cast
from tests.unit.escalations.stage import CALENDARS, ask, filed, vnet_said

HOUR = timedelta(hours=1)
BEIJING = ZoneInfo("Asia/Shanghai")


def test_time_goes_to_whoever_has_to_act(session: Session, cast: Cast, now: datetime) -> None:
    ticket = ask(session, cast, now=now, topic=Topic.QUESTION)
    case = filed(session, cast, now=now + 2 * HOUR, ticket=ticket)
    asks, gives = ContactEffect.INFORMATION_REQUESTED, ContactEffect.INFORMATION_GIVEN
    for at, effect in ((now + 5 * HOUR, asks), (now + 6 * HOUR, gives)):
        log_contact(session, case, vnet_said(at), by=cast.tom, now=at, calendars=CALENDARS, effect=effect)
    answered = now + 30 * HOUR
    record_answer(session, case, vnet_said(answered), outcome=Outcome.EXPLAINED, by=cast.tom, now=answered)

    spans = time_split_of(session, ticket, now=now + 31 * HOUR)

    assert spans == {Party.US: 4 * HOUR, Party.CUSTOMER: 0 * HOUR, Party.VNET: 27 * HOUR}


def test_a_closed_ticket_takes_nobodys_time(now: datetime) -> None:
    states = [(now + HOUR, TicketState.WAITING_CUSTOMER), (now + 3 * HOUR, TicketState.CLOSED)]

    spans = split(marks_of(now, states, []), start=now, end=now + 100 * HOUR)

    assert spans == {Party.US: HOUR, Party.CUSTOMER: 2 * HOUR, Party.VNET: timedelta()}


START = datetime(2026, 1, 1, tzinfo=UTC)
CHANGES = st.lists(
    st.tuples(st.integers(0, 5000), st.sampled_from([s for s in TicketState if s != "closed"])), max_size=9
)


@given(changes=CHANGES, cut=st.integers(0, 5000))
def test_the_parts_add_up_to_the_whole_however_it_is_cut(changes: Sequence[tuple[int, TicketState]], cut: int) -> None:
    states = [(START + timedelta(minutes=at), state) for at, state in sorted(changes)]
    marks, middle, end = marks_of(START, states, []), START + timedelta(minutes=cut), START + timedelta(minutes=5000)

    first, second = split(marks, start=START, end=middle), split(marks, start=middle, end=end)

    assert sum(first.values(), timedelta()) + sum(second.values(), timedelta()) == end - START


def test_a_month_takes_its_own_part(session: Session, cast: Cast) -> None:
    opened = datetime(2026, 10, 31, 12, 0, tzinfo=BEIJING)
    ask(session, cast, now=opened, topic=Topic.QUESTION)
    starts = [datetime(2026, 10, 1, tzinfo=BEIJING), datetime(2026, 11, 1, tzinfo=BEIJING)]

    months = time_split_by_month(session, starts, now=datetime(2026, 11, 2, tzinfo=BEIJING))

    assert [month[Party.US] for month in months] == [12 * HOUR, 24 * HOUR]


def past(outcome: Outcome | None, agent: str = "Tom", ended: datetime | None = None) -> Past:
    ended = ended or datetime(2026, 11, 3, tzinfo=UTC)
    return Past(EscalationReason.TRAINING, Topic.DISPUTE, agent, outcome, ended if outcome else None)


def test_the_share_returned_is_of_those_21vianet_answered() -> None:
    cases = [past(Outcome.GRANTED), past(Outcome.INAPPROPRIATE), past(Outcome.WITHDRAWN), past(None)]

    found = tally(cases, lambda each: each.agent)["Tom"]

    assert (found.cases, found.judged, found.inappropriate, found.share) == (4, 2, 1, 0.5)


def test_nothing_answered_has_no_share() -> None:
    assert tally([past(None)], lambda each: each.agent)["Tom"].share is None


def test_the_trend_counts_by_the_month_of_the_answer_in_beijing() -> None:
    last_evening = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)
    months = months_until(date(2026, 11, 24), 2)

    found = trend([past(Outcome.INAPPROPRIATE, ended=last_evening)], months, BEIJING)

    assert months == [date(2026, 10, 1), date(2026, 11, 1)]
    assert [each.inappropriate for each in found.values()] == [0, 1]


def test_months_go_back_over_the_turn_of_the_year() -> None:
    assert months_until(date(2026, 2, 3), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]


def test_21vianets_time_is_its_own_working_hours_without_its_waiting_for_us() -> None:
    def at(day: int, hour: int) -> datetime:
        return datetime(2026, 11, day, hour, tzinfo=BEIJING)

    steps = (
        (at(24, 10), EscalationState.FILED),
        (at(24, 12), EscalationState.INFORMATION_REQUESTED),
        (at(25, 12), EscalationState.FILED),
        (at(26, 10), EscalationState.ANSWERED),
        (at(27, 10), EscalationState.CLOSED),
    )

    assert vnet_hours(steps, vnet_calendar()) == 2 + 6 + 1
    assert vnet_hours(steps[:3], vnet_calendar()) is None
    assert median_hours([past(None)], vnet_calendar()) is None


def test_the_report_reads_what_happened(session: Session, cast: Cast, now: datetime) -> None:
    case = filed(session, cast, now=now)
    later = now + timedelta(days=1)
    record_answer(session, case, vnet_said(later), outcome=Outcome.INAPPROPRIATE, by=cast.tom, now=later)

    (found,) = past_cases(session, since=now - timedelta(days=30))

    assert (found.agent, found.topic, found.outcome) == (cast.tom.name, Topic.DISPUTE, Outcome.INAPPROPRIATE)
    assert median_hours([found], vnet_calendar()) == 9
