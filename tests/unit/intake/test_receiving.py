"""A mail joins by our signature or Message-ID and a sender who takes part; else it is a new ticket or waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.intake.models import IncomingMail, Reason, Result
from helpdesk.intake.rules import (
    CAP_MAILS,
    ChooseCustomer,
    NoSuchTicket,
    NotTheirTicket,
    NotWaiting,
    RawMailGone,
)
from helpdesk.intake.services import House, accept, block, join, replay
from helpdesk.notifications.models import Delivery, OutboxMessage, OutboxState
from helpdesk.tickets.models import MessageKind, Ticket, TicketState
from tests.cast import Cast
from tests.unit.intake.conftest import Receive, address_of, letter

FANG = "王芳 <Wang.Fang@lanting.example>"


def outcome(record: IncomingMail) -> tuple[Result, Reason]:
    """What was done and why."""
    return record.result, record.reason


def test_a_known_customer_without_a_thread_opens_a_ticket(take: Receive, cast: Cast) -> None:
    record = take(letter(FANG))

    assert outcome(record) == (Result.CREATED, Reason.KNOWN_SENDER)
    assert record.ticket is not None
    assert (record.ticket.requester, record.ticket.subject) == (cast.wang_fang, "A wrong charge")
    assert record.ticket.messages[0].body == "Please look at line 3."


def test_the_same_bytes_again_change_nothing(take: Receive, session: Session, cast: Cast) -> None:
    first = take(letter(FANG))

    assert take(letter(FANG)) is first
    assert session.scalars(select(func.count()).select_from(Ticket)).one() == 1


def test_the_same_message_id_by_another_way_is_a_duplicate(take: Receive, cast: Cast) -> None:
    take(letter(FANG, Message_ID="<1@lanting.example>"))

    again = take(letter(FANG, Message_ID="<1@lanting.example>", Received="from elsewhere"))

    assert outcome(again) == (Result.REJECTED, Reason.DUPLICATE)


def test_our_signed_address_and_its_own_person_join(take: Receive, house: House, ticket: Ticket, cast: Cast) -> None:
    record = take(letter(FANG, "It is clear now.", to=address_of(house, ticket, cast.wang_fang).upper()))

    assert (outcome(record), record.ticket) == ((Result.JOINED, Reason.TOKEN), ticket)
    assert [message.body for message in ticket.messages][-1] == "It is clear now."


def test_our_message_id_and_a_participant_join(take: Receive, session: Session, ticket: Ticket) -> None:
    delivery = session.scalars(select(Delivery).where(Delivery.subject_id == ticket.id)).first()
    assert delivery is not None
    delivery.mail_message_id = "<ticket_received.abc@partner.example>"

    record = take(letter(FANG, "Thanks.", In_Reply_To="<ticket_received.abc@partner.example>"))

    assert (outcome(record), record.ticket) == ((Result.JOINED, Reason.MESSAGE_ID), ticket)


@pytest.mark.parametrize("who", ["sato@sakura.example", "li.na@lanting.example", FANG])
def test_a_ticket_number_in_the_subject_joins_nothing(take: Receive, ticket: Ticket, cast: Cast, who: str) -> None:
    record = take(letter(who, subject=f"Re: [{ticket.ref}] Our answer"))

    assert record.result is Result.CREATED
    assert record.ticket is not ticket
    assert len(ticket.messages) == 1


@pytest.mark.parametrize("who", ["sato@sakura.example", "li.na@lanting.example", "stranger@example.org"])
def test_somebody_elses_signed_address_joins_nothing(
    take: Receive, house: House, ticket: Ticket, cast: Cast, who: str
) -> None:
    record = take(letter(who, to=address_of(house, ticket, cast.wang_fang)))

    assert outcome(record) == (Result.QUARANTINED, Reason.NOT_A_PARTICIPANT)
    assert len(ticket.messages) == 1


def test_a_forged_signature_waits(take: Receive, house: House, ticket: Ticket, cast: Cast) -> None:
    address = address_of(house, ticket, cast.wang_fang)
    forged = address.replace(address.split("@")[0][-26:], "a" * 26)

    assert outcome(take(letter(FANG, to=forged))) == (Result.QUARANTINED, Reason.FORGED_TOKEN)


def test_an_agents_mail_becomes_an_internal_note_without_its_quotation(
    take: Receive, house: House, ticket: Ticket, cast: Cast
) -> None:
    text = "Checked, the price is right.\n\nOn Tue, Nov 24, 2026, Lanhe wrote:\n> secret"

    record = take(letter("tom@partner.example", text, to=address_of(house, ticket, cast.tom)))

    note = ticket.messages[-1]
    assert (record.result, note.kind, note.body) == (
        Result.JOINED,
        MessageKind.INTERNAL,
        "Checked, the price is right.",
    )


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (letter("stranger@example.org"), Reason.UNKNOWN_SENDER),
        (letter("tom@partner.example"), Reason.STAFF_WITHOUT_TICKET),
        (letter(""), Reason.NO_SENDER),
        (letter("wang.fang@lanting.example, sato@sakura.example"), Reason.SEVERAL_SENDERS),
        (b"From: sato@sakura.example\r\n" + letter(FANG), Reason.SEVERAL_SENDERS),
        (letter(FANG, " "), Reason.EMPTY),
        (b"", Reason.NO_SENDER),
    ],
)
def test_what_is_unclear_waits_with_its_reason(take: Receive, cast: Cast, raw: bytes, reason: Reason) -> None:
    assert outcome(take(raw)) == (Result.QUARANTINED, reason)


def test_a_stranger_gets_no_answer_at_all(take: Receive, session: Session, cast: Cast) -> None:
    take(letter("stranger@example.org", "Words that somebody else should read"))

    assert session.scalars(select(OutboxMessage)).all() == []


def test_a_name_that_looks_like_an_address_fools_nobody(take: Receive, cast: Cast) -> None:
    record = take(letter('"wang.fang@lanting.example" <thief@example.org>'))

    assert (record.sender, record.reason) == ("thief@example.org", Reason.UNKNOWN_SENDER)


def test_a_person_who_may_no_longer_sign_in_waits(take: Receive, cast: Cast, now: datetime) -> None:
    cast.wang_fang.disabled_at = now

    assert take(letter(FANG)).reason is Reason.SENDER_DISABLED


@pytest.mark.parametrize(
    ("verdict", "result"),
    [
        ("mx.partner.example; dmarc=pass header.from=lanting.example", Result.CREATED),
        ("mx.partner.example; dmarc=fail; spf=pass", Result.QUARANTINED),
        ("mx.elsewhere.example; dmarc=pass", Result.QUARANTINED),
        ("mx.partner.example; spf=softfail; dkim=none", Result.QUARANTINED),
    ],
)
def test_only_our_own_servers_word_about_the_sender_counts(
    take: Receive, house: House, cast: Cast, verdict: str, result: Result
) -> None:
    strict = replace(house, authserv_id="mx.partner.example")

    assert take(letter(FANG, Authentication_Results=verdict), house=strict).result is result


def test_without_any_word_of_our_server_a_strict_house_holds_the_mail(take: Receive, house: House, cast: Cast) -> None:
    strict = replace(house, authserv_id="mx.partner.example")

    assert take(letter(FANG), house=strict).reason is Reason.NOT_AUTHENTIC


def test_a_closed_ticket_opens_again_and_after_its_time_a_new_one_is_made(
    take: Receive, house: House, ticket: Ticket, cast: Cast, now: datetime
) -> None:
    ticket.state, ticket.closed_at = TicketState.CLOSED, now
    to = address_of(house, ticket, cast.wang_fang)

    assert (take(letter(FANG, "Again.", to=to)).ticket, ticket.state) == (ticket, TicketState.OPEN)
    ticket.state, ticket.closed_at = TicketState.CLOSED, now
    late = take(letter(FANG, "And again.", to=to), at=now + timedelta(days=60))

    assert (outcome(late), late.ticket is ticket) == ((Result.CREATED, Reason.TICKET_CLOSED), False)


def test_many_mails_of_one_address_wait(take: Receive, cast: Cast) -> None:
    records = [take(letter(FANG, f"Number {number}")) for number in range(CAP_MAILS + 1)]

    assert [record.result for record in records] == [Result.CREATED] * CAP_MAILS + [Result.QUARANTINED]
    assert records[-1].reason is Reason.TOO_MANY


def test_from_the_third_ticket_in_an_hour_on_nothing_is_acknowledged(
    take: Receive, session: Session, cast: Cast
) -> None:
    for number in range(4):
        take(letter(FANG, f"Number {number}"))

    states = session.scalars(select(OutboxMessage.state).order_by(OutboxMessage.id)).all()
    assert states == [OutboxState.QUEUED] * 2 + [OutboxState.PORTAL_ONLY] * 2


def test_files_are_checked_like_uploads_and_what_is_refused_is_named(take: Receive, cast: Cast) -> None:
    boundary = "Content-Type: multipart/mixed; boundary=x\r\n"
    raw = (
        f"From: {FANG}\r\nSubject: Slip\r\n{boundary}\r\n--x\r\n\r\nSee the files.\r\n"
        "--x\r\nContent-Disposition: attachment; filename=slip.csv\r\n\r\na,b\r\n1,2\r\n"
        "--x\r\nContent-Disposition: attachment; filename=tool.exe\r\n\r\nMZ\r\n--x--\r\n"
    ).encode()

    record = take(raw)

    assert record.ticket is not None
    message = record.ticket.messages[0]
    assert [file.filename for file in message.attachments] == ["slip.csv"]
    assert [(each["filename"], each["kept"]) for each in record.attachments] == [
        ("slip.csv", True),
        ("tool.exe", False),
    ]
    assert "tool.exe" in message.body


def test_a_waiting_mail_is_accepted_in_the_name_of_a_contact(
    take: Receive, session: Session, house: House, cast: Cast, now: datetime
) -> None:
    record = take(letter("private@example.org", "From my own mailbox."))

    with pytest.raises(ChooseCustomer):
        accept(session, record, contact="", by=cast.tom, house=house, now=now)
    made = accept(session, record, contact=cast.wang_fang.email, by=cast.tom, house=house, now=now)

    assert (outcome(record), made.requester) == ((Result.CREATED, Reason.ACCEPTED_BY_HAND), cast.wang_fang)
    with pytest.raises(NotWaiting):
        accept(session, record, contact=cast.wang_fang.email, by=cast.tom, house=house, now=now)


def test_a_waiting_mail_is_joined_by_hand_to_its_own_customers_ticket_only(
    take: Receive, session: Session, *, house: House, ticket: Ticket, cast: Cast, now: datetime
) -> None:
    stranger, sato = take(letter("private@example.org", "More.")), take(letter("sato@sakura.example", " "))

    with pytest.raises(NoSuchTicket):
        join(session, stranger, number=1, by=cast.tom, house=house, now=now)
    with pytest.raises(NotTheirTicket):
        join(session, sato, number=ticket.number, by=cast.tom, house=house, now=now)
    join(session, stranger, number=ticket.number, by=cast.tom, house=house, now=now)

    assert outcome(stranger) == (Result.JOINED, Reason.JOINED_BY_HAND)
    assert ticket.messages[-1].body == "Mail from private@example.org:\n\nMore."


def test_a_blocked_sender_is_rejected_from_then_on(take: Receive, session: Session, cast: Cast, now: datetime) -> None:
    block(session, take(letter("spam@example.org")), by=cast.tom, now=now)

    assert outcome(take(letter("spam@example.org", "Buy."))) == (Result.REJECTED, Reason.BLOCKED)


def test_a_mistake_is_replayed_while_the_original_is_kept(
    take: Receive, session: Session, house: House, cast: Cast, now: datetime
) -> None:
    cast.wang_fang.disabled_at = now
    record = take(letter(FANG))
    cast.wang_fang.disabled_at = None

    replay(session, record, house=house, now=now)

    assert record.result is Result.CREATED
    with pytest.raises(NotWaiting):
        replay(session, record, house=house, now=now)
    other = take(letter("stranger@example.org"))
    house.raw.delete(other.sha256)
    with pytest.raises(RawMailGone):
        replay(session, other, house=house, now=now)


def test_a_mail_from_21vianet_without_a_known_case_waits(take: Receive, cast: Cast) -> None:
    assert take(letter("support@21vianet.com")).reason is Reason.VNET_WITHOUT_CASE
