"""Tickets that are linked, merged, parted again and split; and promises that are about to break."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.notifications.models import OutboxMessage
from helpdesk.tickets.models import Attachment, LinkKind, TicketLink, TicketState, Topic
from helpdesk.tickets.queries import copied_on
from helpdesk.tickets.queries.beside import beside
from helpdesk.tickets.rules.clocks import Party, time_split
from helpdesk.tickets.services import answered_by_21vianet, assign, reply
from helpdesk.tickets.services.joining import (
    DisputeHangs,
    InACircle,
    IntoItself,
    NotMerged,
    OnlyMessage,
    OtherCustomer,
    link,
    merge,
    split,
    take_back,
)
from helpdesk.tickets.services.presence import others_here
from helpdesk.tickets.services.warnings import warn_of_breaches
from tests.cast import Cast
from tests.unit.tickets.scenes import CALENDAR, HOUR, answered, invoice_line, opened, with_21vianet


def test_a_merge_moves_the_conversation_and_can_be_taken_back(session: Session, cast: Cast, now: datetime) -> None:
    first, second = opened(session, cast.wang_fang, now), opened(session, cast.li_na, now, body="Hers")

    merge(session, second, first, by=cast.tom, now=now + HOUR)
    assert [message.body for message in first.messages][-1] == "Hers"
    assert (second.state, second.messages) == (TicketState.CLOSED, [])
    assert copied_on(session, first) == [cast.li_na]
    assert [(each.ref, each.away) for each in beside(session, second, now=now).links] == [(first.ref, True)]

    take_back(session, second, by=cast.tom, now=now + HOUR)
    assert [message.body for message in second.messages] == ["Hers"]
    assert (second.state, second.closed_at, len(first.messages)) == (TicketState.NEW, None, 1)
    assert copied_on(session, first) == []
    with pytest.raises(NotMerged):
        take_back(session, second, by=cast.tom, now=now)


def test_a_merge_that_cannot_be_is_refused(session: Session, cast: Cast, now: datetime) -> None:
    first, second = opened(session, cast.wang_fang, now), opened(session, cast.li_na, now)
    foreign = opened(session, cast.sato, now)
    line = invoice_line(session, cast.lanting)
    disputed = opened(session, cast.wang_fang, now, topic=Topic.DISPUTE, line=line)
    with pytest.raises(IntoItself):
        merge(session, first, first, by=cast.tom, now=now)
    with pytest.raises(OtherCustomer):
        merge(session, foreign, first, by=cast.tom, now=now)
    with pytest.raises(DisputeHangs):
        merge(session, disputed, first, by=cast.tom, now=now)

    merge(session, second, first, by=cast.tom, now=now)

    for one, other in ((first, second), (second, first), (second, disputed)):
        with pytest.raises(InACircle):
            merge(session, one, other, by=cast.tom, now=now)


def test_a_link_is_seen_from_both_ends_and_made_once(session: Session, cast: Cast, now: datetime) -> None:
    first, second = opened(session, cast.wang_fang, now), opened(session, cast.sato, now)

    for one, other in ((first, second), (second, first)):
        link(session, one, other, by=cast.tom, now=now, kind=LinkKind.RELATED)

    assert [each.number for each in beside(session, second, now=now).links] == [first.number]
    assert len(session.scalars(sa.select(TicketLink)).all()) == 1


def test_a_later_message_becomes_a_ticket_of_its_own(session: Session, cast: Cast, now: datetime) -> None:
    ticket = answered(session, cast, now)
    message = reply(session, ticket, body="Something else", by=cast.wang_fang, now=now + 2 * HOUR, calendar=CALENDAR)

    message.attachments.append(
        Attachment(filename="slip.pdf", content_type="application/pdf", size=9, sha256="ab" * 32, created_at=now)
    )
    session.flush()

    new = split(session, ticket, message, by=cast.tom, now=now + 2 * HOUR, calendar=CALENDAR)

    assert (new.requester, new.messages[0].body) == (cast.wang_fang, "Something else")
    assert [each.ref for each in beside(session, ticket, now=now).links] == [new.ref]
    for each in (message, new.messages[0]):
        assert [(file.filename, file.sha256) for file in each.attachments] == [("slip.pdf", "ab" * 32)]
    for other in ticket.messages[:2]:
        with pytest.raises(OnlyMessage):
            split(session, ticket, other, by=cast.tom, now=now, calendar=CALENDAR)


def test_each_party_is_counted_in_its_own_working_time(session: Session, cast: Cast, now: datetime) -> None:
    ticket = with_21vianet(session, cast, now)
    answered_by_21vianet(session, ticket, now=now + timedelta(days=1), by=cast.tom)
    reply(session, ticket, body="So it is.", by=cast.tom, now=now + timedelta(days=1, hours=2))
    session.refresh(ticket, ["events"])

    spent = time_split(
        ticket.events, opened_at=ticket.created_at, until=now + timedelta(days=1, hours=3), calendar=CALENDAR
    )

    assert spent == {Party.US: 3 * HOUR, Party.VNET: 8 * HOUR, Party.CUSTOMER: HOUR}


def test_the_owner_is_warned_first_then_the_lead_then_both_that_it_is_late(
    session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    assign(session, ticket, owner=cast.tom, by=cast.tom, now=now)
    due = ticket.answer_due_at

    def told() -> list[int | None]:
        rows = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == "ticket_due"))
        return [row.recipient_id for row in rows]

    def warned(*moments: datetime) -> list[int | None]:
        before = len(told())
        for at in moments:
            warn_of_breaches(session, now=at, calendar=CALENDAR)
        return told()[before:]

    assert warned(due - 3 * HOUR) == []
    assert warned(due - 2 * HOUR, due - 2 * HOUR) == [cast.tom.id]
    assert warned(due - HOUR, due - HOUR) == [cast.mei.id]
    assert set(warned(due + HOUR, due + 2 * HOUR)) == {cast.tom.id, cast.mei.id}
    assert len(told()) == 4


def test_warnings_are_counted_in_working_time(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    assign(session, ticket, owner=cast.tom, by=cast.tom, now=now)
    ticket.answer_due_at = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
    friday_before_closing = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
    session.flush()

    early = warn_of_breaches(session, now=friday_before_closing - HOUR, calendar=CALENDAR)

    assert (early, warn_of_breaches(session, now=friday_before_closing, calendar=CALENDAR)) == (0, 1)


def test_while_21vianet_has_it_nobody_is_warned(session: Session, cast: Cast, now: datetime) -> None:
    with_21vianet(session, cast, now)

    assert warn_of_breaches(session, now=now + timedelta(days=30), calendar=CALENDAR) == 0


def test_an_unowned_ticket_warns_the_leads(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)

    warn_of_breaches(session, now=ticket.answer_due_at - HOUR, calendar=CALENDAR)

    rows = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == "ticket_due")).all()
    assert [row.recipient_id for row in rows] == [cast.mei.id]


def test_who_else_is_here_is_told_and_forgotten(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)
    others_here(session, ticket, by=cast.mei, writing=True, now=now)

    assert others_here(session, ticket, by=cast.tom, writing=False, now=now) == [("Mei Lin", True)]
    assert others_here(session, ticket, by=cast.tom, writing=False, now=now + timedelta(minutes=2)) == []
