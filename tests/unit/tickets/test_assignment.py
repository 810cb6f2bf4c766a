"""Who gets a new ticket, and why."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from helpdesk.audit.models import AuditEntry
from helpdesk.notifications.models import OutboxMessage
from helpdesk.tickets.models import Duty, EventKind, Topic
from helpdesk.tickets.queries import QueueFilter, QueueView, queue_counts, queue_page
from helpdesk.tickets.queries.duty import away, colleagues, rules_in_order
from helpdesk.tickets.queries.visible import events_of
from helpdesk.tickets.rules.assignment import Asked, Choice, Reason, Rule, choose, whose_turn
from helpdesk.tickets.services import NotAnAgent
from helpdesk.tickets.services.assignment import (
    GroupInUse,
    GroupNameTaken,
    NobodyNamed,
    RuleWords,
    drop_group,
    drop_rule,
    enable_rule,
    keep_group,
    keep_rule,
    move_rule,
    set_duty,
)
from tests.cast import Cast
from tests.unit.tickets.scenes import CALENDAR, HOUR, opened

ASKED = Asked(Topic.DISPUTE, 7, "ja")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
PEOPLE = st.integers(min_value=1, max_value=6)
RULES = st.lists(
    st.builds(
        Rule,
        name=st.sampled_from(["one", "two", "three"]),
        topic=st.sampled_from([None, Topic.DISPUTE, Topic.FAPIAO]),
        customer_id=st.sampled_from([None, 7, 8]),
        locale=st.sampled_from(["", "ja", "en"]),
        group=st.lists(PEOPLE, max_size=3).map(tuple),
    ),
    max_size=5,
)


def test_the_first_rule_that_fits_decides() -> None:
    rules = [Rule("fapiao", topic=Topic.FAPIAO, agent=1), Rule("Japanese", locale="ja", agent=2), Rule("all", agent=3)]

    choice = choose(ASKED, rules, present={1, 2, 3}, on_duty={3: None})

    assert choice == Choice(2, Reason.RULE, "Japanese")


def test_a_named_agent_who_is_away_for_long_is_skipped_in_words() -> None:
    rules = [Rule("Japanese", locale="ja", agent=2), Rule("customer", customer_id=7, agent=3)]

    choice = choose(ASKED, rules, present={3}, on_duty={})

    assert choice == Choice(3, Reason.RULE, "customer", ("Japanese",))


def test_in_a_group_it_is_the_turn_of_whoever_on_duty_waited_longest() -> None:
    rules = [Rule("Japanese", locale="ja", group=(1, 2, 3))]

    choice = choose(ASKED, rules, present={1, 2, 3, 4}, on_duty={1: LONG_AGO + HOUR, 2: LONG_AGO, 4: None})

    assert choice == Choice(2, Reason.RULE, "Japanese")


def test_a_group_with_nobody_on_duty_leaves_it_to_everybodys_turn() -> None:
    rules = [Rule("Japanese", locale="ja", group=(1, 2))]

    assert choose(ASKED, rules, present={1, 2, 4}, on_duty={4: None}) == Choice(4, Reason.TURN, skipped=("Japanese",))


def test_with_nobody_on_duty_nobody_gets_it() -> None:
    assert choose(ASKED, [], present={1, 2}, on_duty={}) == Choice(None, Reason.NOBODY)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(rules=RULES, on_duty=st.dictionaries(PEOPLE, st.none(), max_size=4))
def test_whoever_gets_it_by_turn_or_group_is_on_duty_and_somebody_does_if_anybody_is(
    rules: list[Rule], on_duty: dict[int, None]
) -> None:
    choice = choose(ASKED, rules, present=set(on_duty), on_duty=on_duty)

    assert (choice.user_id is None) == (not on_duty)
    assert choice.user_id is None or choice.user_id in on_duty
    assert (choice.reason is Reason.NOBODY) == (choice.user_id is None)


@given(people=st.sets(PEOPLE, min_size=1), tickets=st.integers(min_value=1, max_value=40))
def test_turns_are_shared_evenly(people: set[int], tickets: int) -> None:
    on_duty: dict[int, datetime | None] = dict.fromkeys(people)
    given_to: Counter[int] = Counter(dict.fromkeys(people, 0))
    for turn in range(tickets):
        person = whose_turn(on_duty)
        assert person is not None
        given_to[person] += 1
        on_duty[person] = LONG_AGO + turn * HOUR

    assert max(given_to.values()) - min(given_to.values()) <= 1


def on_duty(session: Session, *people: object, now: datetime) -> None:
    for person in people:
        set_duty(session, person, is_on=True, by=person, now=now)  # type: ignore[arg-type]


def test_a_new_ticket_goes_round_and_its_history_says_why(session: Session, cast: Cast, now: datetime) -> None:
    on_duty(session, cast.tom, cast.mei, now=now)

    tickets = [opened(session, cast.wang_fang, now + turn * HOUR) for turn in range(4)]

    assert {tickets[0].owner, tickets[1].owner} == {cast.tom, cast.mei}
    assert [ticket.owner for ticket in tickets[:2]] == [ticket.owner for ticket in tickets[2:]]
    event = next(each for each in events_of(session, tickets[0]) if each.kind is EventKind.ASSIGNED)
    assert event.data["reason"] == "turn"
    assert event.actor is None


def test_the_new_owner_is_told_by_mail(session: Session, cast: Cast, now: datetime) -> None:
    on_duty(session, cast.tom, now=now)

    opened(session, cast.wang_fang, now)

    mail = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == "ticket_assigned")).one()
    assert (mail.recipient_id, mail.payload["by"]) == (cast.tom.id, "")


def test_a_rule_of_language_beats_the_turn(session: Session, cast: Cast, now: datetime) -> None:
    on_duty(session, cast.tom, now=now)
    group = keep_group(session, None, name="日本語", members=[cast.mei], by=cast.mei, now=now)
    on_duty(session, cast.mei, now=now)
    keep_rule(session, None, RuleWords(name="Japanese", locale="ja", group=group), by=cast.mei, now=now)

    japanese, chinese = opened(session, cast.sato, now), opened(session, cast.wang_fang, now + HOUR)

    assert (japanese.owner, chinese.owner) == (cast.mei, cast.tom)


def test_a_disabled_rule_is_passed_over(session: Session, cast: Cast, now: datetime) -> None:
    rule = keep_rule(session, None, RuleWords(name="all", agent=cast.mei), by=cast.mei, now=now)
    enable_rule(session, rule, enabled=False, by=cast.mei, now=now)

    assert opened(session, cast.wang_fang, now).owner is None


def test_nobody_on_duty_leaves_it_where_everybody_sees_it(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)

    page = queue_page(session, cast.tom, QueueFilter(view=QueueView.UNASSIGNED), now=now)

    assert ticket.owner is None
    assert [row.number for row in page.rows] == [ticket.number]


def in_view(session: Session, cast: Cast, view: QueueView, now: datetime) -> tuple[list[int], int]:
    gone = away(colleagues(session, now=now, calendar=CALENDAR))
    page = queue_page(session, cast.mei, QueueFilter(view=view, away=gone), now=now)
    return [row.number for row in page.rows], queue_counts(session, cast.mei, now=now, away=gone).get(view, 0)


@pytest.mark.parametrize("how", ["disabled", "off duty", "moved to other work"])
def test_a_ticket_whose_owner_is_gone_stands_in_a_view(session: Session, cast: Cast, now: datetime, how: str) -> None:
    on_duty(session, cast.tom, now=now)
    ticket = opened(session, cast.wang_fang, now)
    later = now + timedelta(days=6)
    before = in_view(session, cast, QueueView.AWAY, now)

    if how == "disabled":
        cast.tom.disabled_at = now
    elif how == "off duty":
        set_duty(session, cast.tom, is_on=False, by=cast.tom, now=now)
    else:
        cast.tom.role = cast.emma.role
    session.flush()

    assert before == ([], 0)
    assert in_view(session, cast, QueueView.AWAY, later) == ([ticket.number], 1)


def test_a_night_or_a_weekend_off_duty_is_not_away(session: Session, cast: Cast, now: datetime) -> None:
    friday_evening = datetime(2026, 11, 27, 10, tzinfo=UTC)
    on_duty(session, cast.tom, now=now)
    opened(session, cast.wang_fang, now)
    set_duty(session, cast.tom, is_on=False, by=cast.tom, now=friday_evening)

    monday, wednesday = friday_evening + timedelta(days=3), friday_evening + timedelta(days=5)

    assert in_view(session, cast, QueueView.AWAY, monday)[1] == 0
    assert in_view(session, cast, QueueView.AWAY, wednesday)[1] == 1


def test_every_live_ticket_stands_in_somebodys_view(session: Session, cast: Cast, now: datetime) -> None:
    on_duty(session, cast.tom, now=now)
    held = opened(session, cast.wang_fang, now)
    set_duty(session, cast.tom, is_on=False, by=cast.tom, now=now)
    loose = opened(session, cast.wang_fang, now + HOUR)
    cast.tom.disabled_at = now
    session.flush()

    shown = [in_view(session, cast, view, now)[0] for view in (QueueView.UNASSIGNED, QueueView.AWAY)]

    assert shown == [[loose.number], [held.number]]


def test_only_who_answers_tickets_goes_on_duty(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotAnAgent):
        set_duty(session, cast.emma, is_on=True, by=cast.mei, now=now)


def test_duty_said_twice_is_once(session: Session, cast: Cast, now: datetime) -> None:
    on_duty(session, cast.tom, now=now)
    on_duty(session, cast.tom, now=now + HOUR)

    assert session.get_one(Duty, cast.tom.id).since == now


def test_a_rule_names_one_agent_or_one_group(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(NobodyNamed):
        keep_rule(session, None, RuleWords(name="all"), by=cast.mei, now=now)
    with pytest.raises(NotAnAgent):
        keep_rule(session, None, RuleWords(name="all", agent=cast.emma), by=cast.mei, now=now)


def test_rules_change_places_and_go(session: Session, cast: Cast, now: datetime) -> None:
    one, two, three = (
        keep_rule(session, None, RuleWords(name=name, agent=cast.tom), by=cast.mei, now=now)
        for name in ("one", "two", "three")
    )

    move_rule(session, three, up=True, by=cast.mei, now=now)
    move_rule(session, one, up=True, by=cast.mei, now=now)
    drop_rule(session, two, by=cast.mei, now=now)

    assert [rule.name for rule in rules_in_order(session)] == ["one", "three"]


def test_a_group_that_a_rule_needs_stays(session: Session, cast: Cast, now: datetime) -> None:
    group = keep_group(session, None, name="Disputes", members=[cast.tom], by=cast.mei, now=now)
    rule = keep_rule(session, None, RuleWords(name="disputes", group=group), by=cast.mei, now=now)
    with pytest.raises(GroupInUse):
        drop_group(session, group, by=cast.mei, now=now)
    with pytest.raises(GroupNameTaken):
        keep_group(session, None, name="Disputes", members=[], by=cast.mei, now=now)
    with pytest.raises(NotAnAgent):
        keep_group(session, None, name="Editors", members=[cast.emma], by=cast.mei, now=now)

    drop_rule(session, rule, by=cast.mei, now=now)
    drop_group(session, group, by=cast.mei, now=now)

    deeds = session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [deed for deed in deeds if deed.startswith("desk.")] == [
        "desk.group.kept",
        "desk.rule.kept",
        "desk.rule.dropped",
        "desk.group.dropped",
    ]


def test_an_event_of_no_known_kind_is_refused_by_the_database(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    statement = sa.text("INSERT INTO ticket_event (ticket_id, kind, data, at) VALUES (:ticket, 'invented', '{}', :at)")

    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.execute(statement, {"ticket": ticket.id, "at": now})
