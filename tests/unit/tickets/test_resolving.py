"""Closing the loop: nothing is resolved, and nothing closed, without the customer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.billing.models import DisputeState, LedgerEntry
from helpdesk.money import Money
from helpdesk.notifications.models import OutboxMessage
from helpdesk.tickets.models import EventKind, Ticket, TicketState, Topic
from helpdesk.tickets.rules.loop import (
    DisputeUndecided,
    LoopStillOpen,
    NothingToReopen,
    NotRateable,
    ReopenTooLate,
)
from helpdesk.tickets.rules.states import NotYours, TransitionRefused
from helpdesk.tickets.services import (
    DisputeDecision,
    answered_by_21vianet,
    confirm,
    rate,
    reopen,
    resolve_ticket,
)
from tests.cast import Cast
from tests.unit.tickets.scenes import (
    CALENDAR,
    HOUR,
    answered,
    closed,
    invoice_line,
    opened,
    resolved,
    with_21vianet,
)

DAY = timedelta(days=1)


def disputed(session: Session, cast: Cast, now: datetime) -> Ticket:
    line = invoice_line(session, cast.lanting)
    return opened(session, cast.wang_fang, now, topic=Topic.DISPUTE, line=line)


def mails(session: Session, kind: str) -> list[OutboxMessage]:
    return list(session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == kind)))


@pytest.mark.parametrize("words", ["", "  \n ", "\u200b"])
def test_a_ticket_is_not_resolved_without_telling_the_customer(
    session: Session, cast: Cast, now: datetime, words: str
) -> None:
    ticket = answered(session, cast, now)

    with pytest.raises(LoopStillOpen):
        resolve_ticket(session, ticket, explanation=words, by=cast.tom, now=now + 2 * HOUR)

    assert ticket.state is TicketState.WAITING_CUSTOMER


def test_a_resolution_is_explained_by_mail(session: Session, cast: Cast, now: datetime) -> None:
    ticket = resolved(session, cast, now)

    mail = mails(session, "ticket_resolved")
    assert (ticket.state, ticket.explained_at, ticket.owner) == (TicketState.RESOLVED, now + HOUR, cast.tom)
    assert [(each.recipient_id, each.payload["body"]) for each in mail] == [
        (cast.wang_fang.id, "The fee was prorated.")
    ]
    assert ticket.messages[-1].explains


def test_what_21vianet_answered_must_be_explained_anew(session: Session, cast: Cast, now: datetime) -> None:
    ticket = with_21vianet(session, cast, now)
    ticket.explained_at = now
    answered_by_21vianet(session, ticket, now=now + 3 * HOUR, by=cast.tom)

    with pytest.raises(LoopStillOpen):
        resolve_ticket(session, ticket, explanation="", by=cast.tom, now=now + 4 * HOUR)


def test_a_ticket_with_21vianet_is_not_resolved(session: Session, cast: Cast, now: datetime) -> None:
    ticket = with_21vianet(session, cast, now)

    with pytest.raises(TransitionRefused):
        resolve_ticket(session, ticket, explanation="Done.", by=cast.tom, now=now + 2 * HOUR)


def test_an_open_dispute_is_decided_first(session: Session, cast: Cast, now: datetime) -> None:
    ticket = disputed(session, cast, now)

    with pytest.raises(DisputeUndecided):
        resolve_ticket(session, ticket, explanation="Done.", by=cast.tom, now=now + HOUR)


def test_a_granted_dispute_gives_credit(session: Session, cast: Cast, now: datetime) -> None:
    ticket = disputed(session, cast, now)
    decision = DisputeDecision(DisputeState.GRANTED, Money(60_00))

    resolve_ticket(session, ticket, explanation="You are right.", by=cast.tom, now=now + HOUR, dispute=decision)

    assert ticket.dispute is not None
    assert ticket.dispute.state is DisputeState.GRANTED
    assert [entry.amount_minor for entry in session.scalars(sa.select(LedgerEntry))] == [60_00]


def test_a_declined_dispute_gives_none(session: Session, cast: Cast, now: datetime) -> None:
    ticket = disputed(session, cast, now)
    decision = DisputeDecision(DisputeState.DECLINED)

    resolve_ticket(session, ticket, explanation="The charge stands.", by=cast.tom, now=now + HOUR, dispute=decision)

    assert ticket.dispute is not None
    assert ticket.dispute.state is DisputeState.DECLINED
    assert session.scalars(sa.select(LedgerEntry)).all() == []


def test_the_customer_confirms_and_the_ticket_is_closed(session: Session, cast: Cast, now: datetime) -> None:
    ticket = closed(session, cast, now)

    kinds = [event.kind for event in ticket.events]
    assert (ticket.state, ticket.closed_at) == (TicketState.CLOSED, now + 2 * HOUR)
    assert EventKind.CONFIRMED in kinds
    assert EventKind.CLOSED not in kinds
    assert [each.recipient_id for each in mails(session, "ticket_closed")] == [cast.wang_fang.id]


def test_an_early_confirmation_withdraws_the_dispute(session: Session, cast: Cast, now: datetime) -> None:
    ticket = disputed(session, cast, now)

    confirm(session, ticket, by=cast.wang_fang, now=now + HOUR)

    assert ticket.dispute is not None
    assert ticket.dispute.state is DisputeState.WITHDRAWN


def test_nobody_confirms_for_the_customer(session: Session, cast: Cast, now: datetime) -> None:
    ticket = resolved(session, cast, now)

    for person in (cast.tom, cast.sato):
        with pytest.raises(NotYours):
            confirm(session, ticket, by=person, now=now + 2 * HOUR)


def test_a_ticket_with_21vianet_is_not_closed(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(TransitionRefused):
        confirm(session, with_21vianet(session, cast, now), by=cast.wang_fang, now=now + 2 * HOUR)


def test_a_closed_ticket_is_rated_once_or_again(session: Session, cast: Cast, now: datetime) -> None:
    ticket = closed(session, cast, now)

    rate(session, ticket, rating=2, comment="Slow", by=cast.wang_fang, now=now + 3 * HOUR)
    rate(session, ticket, rating=5, comment="Good\u202e after all", by=cast.wang_fang, now=now + 4 * HOUR)

    assert (ticket.rating, ticket.rating_comment) == (5, "Good after all")


def test_an_open_ticket_is_not_rated(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotRateable):
        rate(session, resolved(session, cast, now), rating=5, comment="", by=cast.wang_fang, now=now + 2 * HOUR)


def test_not_solved_yet_opens_the_ticket_and_tells_the_owner(session: Session, cast: Cast, now: datetime) -> None:
    ticket = closed(session, cast, now)

    reopen(session, ticket, body="又出现了。", by=cast.wang_fang, now=now + DAY, calendar=CALENDAR)

    assert (ticket.state, ticket.closed_at, ticket.loop_opened_at) == (TicketState.OPEN, None, now + DAY)
    assert ticket.answer_due_at == CALENDAR.add_hours(now + DAY, 16)
    assert [each.recipient_id for each in mails(session, "ticket_reopened")] == [cast.tom.id]


def test_a_reopened_ticket_must_be_explained_again(session: Session, cast: Cast, now: datetime) -> None:
    ticket = closed(session, cast, now)
    reopen(session, ticket, body="又出现了。", by=cast.wang_fang, now=now + DAY)

    with pytest.raises(LoopStillOpen):
        resolve_ticket(session, ticket, explanation="", by=cast.tom, now=now + 2 * DAY)


def test_an_old_ticket_is_not_reopened(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(ReopenTooLate):
        reopen(session, closed(session, cast, now), body="Late", by=cast.wang_fang, now=now + 15 * DAY)


def test_an_open_ticket_is_not_reopened(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(NothingToReopen):
        reopen(session, answered(session, cast, now), body="Early", by=cast.wang_fang, now=now + 2 * HOUR)


def test_each_closing_is_told(session: Session, cast: Cast, now: datetime) -> None:
    ticket = closed(session, cast, now)
    reopen(session, ticket, body="又出现了。", by=cast.wang_fang, now=now + DAY)
    resolve_ticket(session, ticket, explanation="Now it is right.", by=cast.tom, now=now + 2 * DAY)

    confirm(session, ticket, by=cast.wang_fang, now=now + 3 * DAY)

    assert len(mails(session, "ticket_closed")) == 2
    assert len(mails(session, "ticket_resolved")) == 2
