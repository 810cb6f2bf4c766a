"""Mail that came back marks the address, fails the delivery, and tells the owner; it never makes a ticket."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.intake.models import Reason, Result
from helpdesk.notifications.models import Delivery, DeliveryState, OutboxMessage
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
