"""Opening a ticket."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.audit.models import AuditEntry
from helpdesk.billing.models import DisputeState
from helpdesk.billing.rules.disputes import DisputeAlreadyOpen
from helpdesk.money import Money
from helpdesk.notifications.models import OutboxMessage
from helpdesk.tickets.models import Priority, TicketState, Topic
from helpdesk.tickets.rules.states import NotYours
from helpdesk.tickets.rules.words import NothingWritten, TooManyWords
from tests.cast import Cast
from tests.unit.tickets.scenes import CALENDAR, invoice_line, opened, slip


def test_a_ticket_is_numbered_promised_and_confirmed_by_mail(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now)

    mail = session.scalars(sa.select(OutboxMessage)).one()
    assert (ticket.ref, ticket.state, ticket.customer) == ("T-1001", TicketState.NEW, cast.lanting)
    assert ticket.answer_due_at == CALENDAR.add_hours(now, 16)
    assert (mail.kind, mail.recipient_id, mail.locale) == ("ticket_received", cast.wang_fang.id, "zh-Hans")
    assert mail.payload["path"] == "/tickets/T-1001"


def test_numbers_go_up_by_one(session: Session, cast: Cast, now: datetime) -> None:
    numbers = [opened(session, person, now).number for person in (cast.wang_fang, cast.sato, cast.li_na)]

    assert numbers == [1001, 1002, 1003]


def test_the_same_form_sent_twice_makes_one_ticket(session: Session, cast: Cast, now: datetime) -> None:
    first = opened(session, cast.wang_fang, now, idempotency_key="form")
    again = opened(session, cast.wang_fang, now + timedelta(seconds=1), idempotency_key="form")

    assert again is first
    assert len(first.messages) == 1
    assert len(session.scalars(sa.select(OutboxMessage)).all()) == 1


def test_somebody_elses_key_opens_ones_own_ticket(session: Session, cast: Cast, now: datetime) -> None:
    first = opened(session, cast.wang_fang, now, idempotency_key="form")

    assert opened(session, cast.sato, now, idempotency_key="form").id != first.id


def test_disputing_a_line_opens_a_billing_dispute(session: Session, cast: Cast, now: datetime) -> None:
    line = invoice_line(session, cast.lanting)

    ticket = opened(session, cast.wang_fang, now, topic=Topic.DISPUTE, line=line, amount=Money(50_00))

    assert ticket.dispute is not None
    assert (ticket.dispute.amount, ticket.dispute.state) == (Money(50_00), DisputeState.OPEN)
    assert (ticket.invoice, ticket.subscription, ticket.lines) == (line.invoice, line.subscription, [line])
    assert ticket.priority is Priority.HIGH


def test_a_line_is_disputed_once(session: Session, cast: Cast, now: datetime) -> None:
    line = invoice_line(session, cast.lanting)
    opened(session, cast.wang_fang, now, topic=Topic.DISPUTE, line=line)

    with pytest.raises(DisputeAlreadyOpen):
        opened(session, cast.wang_fang, now, topic=Topic.DISPUTE, line=line)


def test_a_refund_about_a_line_is_no_dispute(session: Session, cast: Cast, now: datetime) -> None:
    line = invoice_line(session, cast.lanting)

    assert opened(session, cast.wang_fang, now, topic=Topic.REFUND, line=line).dispute is None


def test_files_are_kept_with_the_first_message(session: Session, cast: Cast, now: datetime) -> None:
    files, store = slip()

    ticket = opened(session, cast.wang_fang, now, files=files, store=store)

    attachment = ticket.messages[0].attachments[0]
    assert (attachment.filename, attachment.content_type) == ("银行回单.pdf", "application/pdf")
    assert attachment.sha256 in store.contents


def test_it_is_remembered_where_the_customer_came_from(session: Session, cast: Cast, now: datetime) -> None:
    ticket = opened(session, cast.wang_fang, now, origin_query="发票  金额\u202e不对", origin_notice="abc")

    assert (ticket.origin_query, ticket.origin_notice) == ("发票 金额不对", "abc")


def test_opening_leaves_its_trace(session: Session, cast: Cast, now: datetime) -> None:
    opened(session, cast.wang_fang, now)

    entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "ticket.opened")).all()
    assert [(entry.actor_id, entry.object_id) for entry in entries] == [(cast.wang_fang.id, "T-1001")]


def test_the_partner_opens_no_ticket_with_itself(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotYours):
        opened(session, cast.tom, now)


@pytest.mark.parametrize("text", ["", "   \n", "\u202e\u200b"])
def test_a_ticket_says_something(session: Session, cast: Cast, now: datetime, text: str) -> None:
    with pytest.raises(NothingWritten):
        opened(session, cast.wang_fang, now, subject=text)
    with pytest.raises(NothingWritten):
        opened(session, cast.wang_fang, now, body=text)


def test_ten_megabytes_of_words_are_too_many(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(TooManyWords):
        opened(session, cast.wang_fang, now, body="x" * 10_000_000)
