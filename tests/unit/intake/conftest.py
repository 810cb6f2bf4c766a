"""A house that takes mail in, and letters to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.intake.models import IncomingMail
from helpdesk.intake.services import Envelope, House, receive
from helpdesk.notifications.reply_address import reply_address
from helpdesk.tickets.models import Ticket, Topic
from helpdesk.tickets.services import open_ticket
from tests.cast import Cast

Receive = Callable[..., IncomingMail]


def letter(
    sender: str, text: str = "Please look at line 3.", subject: str = "A wrong charge", to: str = "", **more: str
) -> bytes:
    """A plain mail; `in_reply_to="<...>"` and such become headers."""
    headers = {"From": sender, "To": to or "billing@partner.example", "Subject": subject}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()


@pytest.fixture
def house(app: Flask, session: Session) -> House:
    """This installation, with a domain for replies."""
    del session
    with app.app_context():
        return replace(House.of(app.config["HELPDESK"]), reply_domain="reply.partner.example")


@pytest.fixture
def take(app: Flask, session: Session, house: House, now: datetime) -> Receive:
    """Receive one mail in the test's transaction."""

    def receive_one(
        raw: bytes, *, at: datetime | None = None, house: House = house, envelope: Envelope | None = None
    ) -> IncomingMail:
        with app.app_context():
            return receive(session, raw, house=house, now=at or now, envelope=envelope)

    return receive_one


@pytest.fixture
def ticket(app: Flask, session: Session, cast: Cast, house: House, now: datetime) -> Ticket:
    """A question of Wang Fang's."""
    with app.app_context():
        return open_ticket(
            session,
            by=cast.wang_fang,
            topic=Topic.QUESTION,
            subject="Why 26.61?",
            body="The line is not clear.",
            now=now,
            calendar=house.calendar(session),
            idempotency_key="mail test",
        )


def address_of(house: House, ticket: Ticket, person: User) -> str:
    """The reply address of a person for a ticket."""
    return reply_address(ticket_id=ticket.id, user_id=person.id, domain=house.reply_domain, secret=house.secrets[0])
