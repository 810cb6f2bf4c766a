"""Mail of somebody from outside joins the one ticket to which they were invited, and no other."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from helpdesk.intake.models import Reason, Result
from helpdesk.intake.services import House
from helpdesk.limits import GUEST_LASTS
from helpdesk.notifications.reply_address import guest_reply_address
from helpdesk.tickets.models import Ticket, TicketGuest, TicketState
from helpdesk.tickets.services import come_in, confirm, end_guest, invite_guest, open_ticket, reply
from tests.cast import Cast
from tests.mailed import SECRET_KEY, mails, token
from tests.unit.intake.conftest import Receive, address_of, letter
from tests.unit.intake.test_receiving import outcome
from tests.unit.tickets.scenes import CALENDAR

MA_LIN = "马琳 <Ma.Lin@audit.example>"


@pytest.fixture
def guest(session: Session, ticket: Ticket, cast: Cast, now: datetime) -> TicketGuest:
    """Invited to Wang Fang's ticket, and come."""
    invite_guest(
        session,
        ticket,
        email="ma.lin@audit.example",
        locale="zh-Hans",
        by=cast.wang_fang,
        secret=SECRET_KEY,
        now=now,
    )
    return come_in(session, token=token(session, "guest_invited"), name="马琳", now=now)[0]


def signed(house: House, guest: TicketGuest, ticket: Ticket | None = None) -> str:
    return guest_reply_address(
        ticket_id=(ticket or guest.ticket).id, guest_id=guest.id, domain=house.reply_domain, secret=house.secrets[0]
    )


def test_a_guest_answers_by_mail_to_the_signed_address(take: Receive, house: House, guest: TicketGuest) -> None:
    record = take(letter(MA_LIN, "It is line 3.", to=signed(house, guest).upper()))

    assert outcome(record) == (Result.JOINED, Reason.TOKEN)
    message = guest.ticket.messages[-1]
    assert (message.writer, message.body, message.author) == (guest, "It is line 3.", None)


def test_a_guest_answers_to_the_message_id_of_our_mail(
    take: Receive, session: Session, cast: Cast, guest: TicketGuest, now: datetime
) -> None:
    reply(session, guest.ticket, body="Which line?", by=cast.tom, now=now)
    delivery = mails(session, "guest_answered")[-1].delivery
    delivery.mail_message_id = "<guest_answered.1@partner.example>"
    session.flush()

    record = take(letter(MA_LIN, "Line 3.", in_reply_to="<guest_answered.1@partner.example>"))

    assert outcome(record) == (Result.JOINED, Reason.MESSAGE_ID)
    assert guest.ticket.messages[-1].writer is guest


@pytest.mark.parametrize("sender", ["stranger@audit.example", "sato@sakura.example", "li.na@lanting.example"])
def test_nobody_else_uses_a_guests_address(
    take: Receive, house: House, cast: Cast, guest: TicketGuest, sender: str
) -> None:
    record = take(letter(sender, to=signed(house, guest)))

    assert cast
    assert record.result is Result.QUARANTINED
    assert len(guest.ticket.messages) == 1


def test_a_guest_uses_no_other_address_of_the_ticket(
    take: Receive, house: House, cast: Cast, guest: TicketGuest
) -> None:
    record = take(letter(MA_LIN, to=address_of(house, guest.ticket, cast.wang_fang)))

    assert outcome(record) == (Result.QUARANTINED, Reason.NOT_A_PARTICIPANT)


def test_a_guest_of_one_ticket_is_a_stranger_to_the_next(  # noqa: PLR0917 - the fixtures
    take: Receive, session: Session, house: House, cast: Cast, guest: TicketGuest, ticket: Ticket, now: datetime
) -> None:
    other = open_ticket(
        session,
        by=cast.wang_fang,
        topic=ticket.topic,
        subject="Another",
        body="Another question.",
        now=now,
        calendar=CALENDAR,
        idempotency_key="another",
    )

    assert outcome(take(letter(MA_LIN, to=signed(house, guest, other)))) == (
        Result.QUARANTINED,
        Reason.NOT_A_PARTICIPANT,
    )
    forged = signed(house, guest).replace(f"reply+{ticket.id}-", f"reply+{other.id}-")
    assert outcome(take(letter(MA_LIN, "Again.", to=forged))) == (Result.QUARANTINED, Reason.FORGED_TOKEN)


def test_mail_after_the_end_waits_for_somebody_to_look(  # noqa: PLR0917 - the fixtures
    take: Receive, session: Session, house: House, cast: Cast, guest: TicketGuest, now: datetime
) -> None:
    address, late = signed(house, guest), now + GUEST_LASTS + timedelta(hours=1)

    assert take(letter(MA_LIN, "Too late.", to=address), at=late).result is Result.QUARANTINED
    end_guest(session, guest, by=cast.wang_fang, now=now)
    assert take(letter(MA_LIN, "Taken back.", to=address)).result is Result.QUARANTINED
    assert len(guest.ticket.messages) == 1


def test_mail_to_a_closed_ticket_waits_and_opens_nothing(  # noqa: PLR0917 - the fixtures
    take: Receive, session: Session, house: House, cast: Cast, guest: TicketGuest, now: datetime
) -> None:
    confirm(session, guest.ticket, by=cast.wang_fang, now=now)

    record = take(letter(MA_LIN, "One more thing.", to=signed(house, guest)))

    assert outcome(record) == (Result.QUARANTINED, Reason.REFUSED)
    assert guest.ticket.state is TicketState.CLOSED
