"""Mail that came back marks the address, fails the delivery, and tells the owner; it never makes a ticket."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.audit.models import AuditEntry
from helpdesk.intake.models import Reason, Result
from helpdesk.intake.services.bounced import note_refused
from helpdesk.notifications.models import Delivery, DeliveryState, OutboxMessage, OutboxState
from helpdesk.notifications.services import retry
from helpdesk.tickets.models import Ticket
from tests.cast import Cast
from tests.unit.intake.conftest import Receive, letter

OURS = "<ticket_received.abc@partner.example>"
DSN = """From: MAILER-DAEMON@mx.example
To: billing@partner.example
Subject: {subject}
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

Your message could not be delivered.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; wang.fang@lanting.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user
--x
Content-Type: text/rfc822-headers

Message-ID: {ours}
--x--
"""


def dsn(*, action: str = "failed", status: str = "5.1.1", ours: str = OURS) -> bytes:
    """A delivery report."""
    text = DSN.format(subject="Undelivered Mail Returned to Sender", action=action, status=status, ours=ours)
    return text.replace("\n", "\r\n").encode()


@pytest.fixture
def delivery(session: Session, ticket: Ticket) -> Delivery:
    """The acknowledgement that Wang Fang was sent."""
    found = session.scalars(select(Delivery).where(Delivery.subject_id == ticket.id)).one()
    found.mail_message_id = OURS
    found.state = DeliveryState.ACCEPTED
    return found


def plain(subject: str, text: str) -> bytes:
    """A report as old mail servers write it."""
    return letter("Mail Delivery System <mailer-daemon@mx.example>", f"{text}\n\nMessage-ID: {OURS}\n", subject)


@pytest.mark.parametrize(
    "raw",
    [
        dsn(),
        plain("Mail delivery failed: returning message to sender", "550 No such user"),
        plain("系统退信", "收件人地址不存在"),
        plain("配信不能のお知らせ", "宛先が見つかりません"),
        plain("failure notice", "Sorry, no mailbox here by that name."),
    ],
    ids=["rfc3464", "exim", "qq", "japanese", "qmail"],
)
def test_a_failed_delivery_is_noted_and_the_owner_told(
    take: Receive, session: Session, *, ticket: Ticket, cast: Cast, delivery: Delivery, raw: bytes
) -> None:
    ticket.owner = cast.tom

    record = take(raw)

    assert (record.result, record.reason) == (Result.BOUNCE, Reason.DELIVERY_FAILED)
    assert (delivery.state, cast.wang_fang.is_reachable) == (DeliveryState.BOUNCED, False)
    told = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "address_failing")).all()
    assert [message.recipient_id for message in told] == [cast.tom.id]
    deed = session.scalars(select(AuditEntry).where(AuditEntry.action == "mail.bounced")).one()
    assert (deed.object_type, deed.object_id) == ("user", str(cast.wang_fang.id))
    assert session.scalars(select(func.count()).select_from(Ticket)).one() == 1


def test_the_owner_of_each_ticket_hears_of_its_own_mail_that_came_back(
    take: Receive, session: Session, ticket: Ticket, cast: Cast, delivery: Delivery
) -> None:
    ticket.owner = cast.tom
    cast.wang_fang.mail_failing_since = ticket.created_at
    session.flush()

    take(dsn())
    take(dsn())

    told = session.scalars(select(OutboxMessage.recipient_id).where(OutboxMessage.kind == "address_failing")).all()
    assert list(told) == [cast.tom.id]
    assert delivery.state is DeliveryState.BOUNCED


def test_without_an_owner_the_leads_hear_of_it(take: Receive, session: Session, cast: Cast, delivery: Delivery) -> None:
    take(dsn())

    told = session.scalars(select(OutboxMessage.recipient_id).where(OutboxMessage.kind == "address_failing")).all()
    assert set(told) == {cast.mei.id, cast.root.id}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (dsn(action="delayed", status="4.4.1"), Reason.DELIVERY_DELAYED),
        (dsn(action="delivered", status="2.0.0"), Reason.DELIVERY_REPORT),
        (dsn(ours="<somebody.elses@mail.example>"), Reason.NOT_OUR_MAIL),
    ],
)
def test_what_proves_no_failure_marks_nobody(
    take: Receive, cast: Cast, delivery: Delivery, raw: bytes, reason: Reason
) -> None:
    record = take(raw)

    assert (record.result, record.reason) == (Result.BOUNCE, reason)
    assert cast.wang_fang.is_reachable
    assert delivery.state is DeliveryState.ACCEPTED


def test_a_customers_question_about_a_failed_delivery_is_no_bounce(take: Receive, cast: Cast) -> None:
    assert take(letter("wang.fang@lanting.example", subject="Undelivered mail?")).result is Result.CREATED


def refuse(delivery: Delivery, answer: str, now: datetime) -> None:
    """Let our own mail server refuse a mail for good."""
    delivery.message.state, delivery.message.done_at = OutboxState.DEAD, now
    delivery.message.last_error = answer
    delivery.state = DeliveryState.FAILED


def told(session: Session) -> list[int | None]:
    """Who heard of a failing address."""
    statement = select(OutboxMessage.recipient_id).where(OutboxMessage.kind == "address_failing")
    return list(session.scalars(statement))


def test_a_mail_that_our_own_server_refused_for_good_marks_the_address_and_the_owner_hears_of_it_once(
    session: Session, ticket: Ticket, cast: Cast, delivery: Delivery, now: datetime
) -> None:
    ticket.owner = cast.tom
    refuse(delivery, "550 5.1.1 no such user", now)

    assert [note_refused(session, now), note_refused(session, now)] == [1, 0]

    assert (delivery.state, cast.wang_fang.is_reachable) == (DeliveryState.BOUNCED, False)
    assert told(session) == [cast.tom.id]


@pytest.mark.parametrize("answer", ["552 5.3.4 message too big", "554 5.7.1 looks like spam", "451 4.3.0 try later"])
def test_an_answer_about_the_mail_tells_the_owner_but_marks_nobody(
    session: Session, *, ticket: Ticket, cast: Cast, delivery: Delivery, now: datetime, answer: str
) -> None:
    ticket.owner = cast.tom
    refuse(delivery, answer, now)

    note_refused(session, now)

    assert (cast.wang_fang.is_reachable, told(session)) == (True, [cast.tom.id])


def test_a_mail_that_could_not_be_written_blames_nobody(
    session: Session, cast: Cast, delivery: Delivery, now: datetime
) -> None:
    refuse(delivery, "UndefinedError: 'ref' is undefined", now)

    assert note_refused(session, now) == 0
    assert (cast.wang_fang.is_reachable, told(session)) == (True, [])


def test_an_address_is_believed_again_when_a_mail_tried_by_hand_was_taken(
    session: Session, cast: Cast, delivery: Delivery, now: datetime
) -> None:
    refuse(delivery, "550 5.1.1 no such user", now)
    note_refused(session, now)

    retry(session, delivery.message, by_id=cast.root.id, now=now + timedelta(minutes=1))
    note_refused(session, now)
    assert not cast.wang_fang.is_reachable
    delivery.message.state, delivery.message.done_at = OutboxState.SENT, now + timedelta(minutes=2)
    delivery.state = DeliveryState.ACCEPTED
    note_refused(session, now + timedelta(minutes=3))

    assert cast.wang_fang.is_reachable


def test_the_owner_hears_of_a_guest_who_cannot_be_reached(
    take: Receive, session: Session, ticket: Ticket, cast: Cast, delivery: Delivery
) -> None:
    ticket.owner = cast.tom
    delivery.message.recipient_id, delivery.message.recipient_name = None, "Ma Lin"

    take(dsn())

    message = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "address_failing")).one()
    assert (message.recipient_id, message.payload["person"]) == (cast.tom.id, "Ma Lin")
