"""Writing to each other, and among ourselves."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.notifications.models import OutboxMessage
from helpdesk.tickets.models import EventKind, MessageKind, Priority, Ticket, TicketState, Topic
from helpdesk.tickets.rules.states import NotYours, TicketClosed, TransitionRefused
from helpdesk.tickets.services import (
    NotAnAgent,
    add_note,
    answered_by_21vianet,
    assign,
    copy_in,
    hand_to_21vianet,
    reply,
    triage,
)
from helpdesk.tickets.services.triage import NotAColleague
from tests.cast import Cast
from tests.unit.tickets.scenes import CALENDAR, HOUR, answered, closed, opened, resolved, slip, with_21vianet


def mails(session: Session, kind: str) -> list[OutboxMessage]:
    return list(session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == kind).order_by(OutboxMessage.id)))


def kinds(ticket: Ticket) -> list[EventKind]:
    return [event.kind for event in ticket.events]


def test_our_answer_waits_for_the_customer_and_goes_out_by_mail(session: Session, cast: Cast, now: datetime) -> None:
    ticket = answered(session, cast, now)

    mail = mails(session, "ticket_answered")
    assert (ticket.state, ticket.first_answered_at) == (TicketState.WAITING_CUSTOMER, now + HOUR)
    assert [(each.recipient_id, each.payload["body"]) for each in mail] == [(cast.wang_fang.id, "We look into it.")]


def test_who_answers_an_unowned_ticket_owns_it(session: Session, cast: Cast, now: datetime) -> None:
    assert answered(session, cast, now).owner is cast.tom


def test_who_helps_out_does_not_take_the_ticket(session: Session, cast: Cast, now: datetime) -> None:
    ticket = answered(session, cast, now)

    reply(session, ticket, body="One more thing.", by=cast.mei, now=now + HOUR)

    assert ticket.owner is cast.tom


def test_colleagues_who_are_copied_in_get_our_answer(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    copy_in(session, ticket, person=cast.li_na, by=cast.wang_fang, now=now)
    copy_in(session, ticket, person=cast.li_na, by=cast.wang_fang, now=now)

    reply(session, ticket, body="Hello both.", by=cast.tom, now=now + HOUR)

    assert {each.recipient_id for each in mails(session, "ticket_answered")} == {cast.wang_fang.id, cast.li_na.id}


def test_nobody_outside_the_organisation_is_copied_in(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)

    with pytest.raises(NotAColleague):
        copy_in(session, ticket, person=cast.sato, by=cast.wang_fang, now=now)


def test_the_customers_words_open_the_loop_and_promise_an_answer(session: Session, cast: Cast, now: datetime) -> None:
    ticket = answered(session, cast, now)

    reply(session, ticket, body="还是不对。", by=cast.wang_fang, now=now + 2 * HOUR, calendar=CALENDAR)

    assert (ticket.state, ticket.loop_opened_at) == (TicketState.OPEN, now + 2 * HOUR)
    assert ticket.answer_due_at == CALENDAR.add_hours(now + 2 * HOUR, 16)


def test_writing_again_does_not_set_a_running_clock_back(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    promised = ticket.answer_due_at

    reply(session, ticket, body="在吗？", by=cast.wang_fang, now=now + HOUR, calendar=CALENDAR)

    assert (ticket.state, ticket.answer_due_at) == (TicketState.NEW, promised)


def test_writing_on_a_resolved_ticket_opens_it_again(session: Session, cast: Cast, now: datetime) -> None:
    ticket = resolved(session, cast, now)

    reply(session, ticket, body="还没有。", by=cast.wang_fang, now=now + 3 * HOUR, calendar=CALENDAR)

    assert ticket.state is TicketState.OPEN
    assert EventKind.REOPENED in kinds(ticket)
    assert [each.recipient_id for each in mails(session, "ticket_reopened")] == [cast.tom.id]


def test_nobody_writes_on_a_closed_ticket(session: Session, cast: Cast, now: datetime) -> None:
    ticket = closed(session, cast, now)

    for person in (cast.wang_fang, cast.tom):
        with pytest.raises(TicketClosed):
            reply(session, ticket, body="Hello?", by=person, now=now + 4 * HOUR)


def test_another_customer_writes_on_no_ticket_of_ours(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)

    with pytest.raises(NotYours):
        reply(session, ticket, body="Hello", by=cast.sato, now=now)


def test_a_note_is_internal_tells_nobody_and_changes_no_state(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    files, store = slip()

    note = add_note(session, ticket, body="Check the ledger.", by=cast.tom, now=now, files=files, store=store)

    assert (note.kind, ticket.state) == (MessageKind.INTERNAL, TicketState.NEW)
    assert [each.kind for each in session.scalars(sa.select(OutboxMessage))] == ["ticket_received"]
    with pytest.raises(NotYours):
        add_note(session, ticket, body="Me too.", by=cast.wang_fang, now=now)


def test_triage_opens_a_ticket_and_tells_its_new_owner(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)

    triage(
        session, ticket, topic=Topic.REFUND, priority=Priority.URGENT, owner=cast.mei, by=cast.tom, now=now,
        calendar=CALENDAR,
    )  # fmt: skip

    event = next(event for event in ticket.events if event.kind is EventKind.TRIAGED)
    assert (ticket.state, ticket.topic, ticket.owner) == (TicketState.OPEN, Topic.REFUND, cast.mei)
    assert ticket.answer_due_at == CALENDAR.add_hours(now, 4)
    assert event.data == {
        "topic": ["question", "refund"],
        "priority": ["normal", "urgent"],
        "owner": [None, "Mei Lin"],
    }
    assert [each.recipient_id for each in mails(session, "ticket_assigned")] == [cast.mei.id]


def test_a_lower_priority_does_not_break_a_promise(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    promised = ticket.answer_due_at

    triage(
        session, ticket, topic=Topic.OTHER, priority=Priority.LOW, owner=None, by=cast.tom, now=now, calendar=CALENDAR
    )

    assert ticket.answer_due_at == promised


def test_taking_a_ticket_oneself_sends_no_mail(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)

    assign(session, ticket, owner=cast.tom, by=cast.tom, now=now)

    assert ticket.owner is cast.tom
    assert mails(session, "ticket_assigned") == []


def test_only_who_answers_tickets_can_own_one(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)

    for person in (cast.li_na, cast.emma):
        with pytest.raises(NotAnAgent):
            assign(session, ticket, owner=person, by=cast.tom, now=now)


def test_a_ticket_with_21vianet_keeps_its_place_whoever_writes(session: Session, cast: Cast, now: datetime) -> None:
    ticket = with_21vianet(session, cast, now)

    reply(session, ticket, body="有消息吗？", by=cast.wang_fang, now=now + 2 * HOUR, calendar=CALENDAR)
    reply(session, ticket, body="Not yet.", by=cast.tom, now=now + 3 * HOUR)

    assert ticket.state is TicketState.WITH_21VIANET


def test_the_time_with_21vianet_is_counted_apart(session: Session, cast: Cast, now: datetime) -> None:
    ticket = with_21vianet(session, cast, now)
    promised = ticket.answer_due_at

    answered_by_21vianet(session, ticket, now=now + 5 * HOUR, by=cast.tom)

    assert (ticket.state, ticket.loop_opened_at) == (TicketState.OPEN, now + 5 * HOUR)
    assert ticket.answer_due_at == promised + 4 * HOUR


def test_a_ticket_goes_to_21vianet_once(session: Session, cast: Cast, now: datetime) -> None:
    ticket = with_21vianet(session, cast, now)

    with pytest.raises(TransitionRefused):
        hand_to_21vianet(session, ticket, by=cast.tom, now=now + HOUR)
