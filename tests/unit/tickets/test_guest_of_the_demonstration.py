"""The demonstration shows somebody from outside on a ticket."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.demo.services import load_demo
from helpdesk.tickets.models import TicketGuest
from helpdesk.tickets.queries.guests import guests_of
from helpdesk.tickets.rules.states import LIVE_STATES


def test_an_accountant_from_outside_came_and_wrote_and_another_is_awaited(
    app: Flask, session: Session, now: datetime
) -> None:
    with app.app_context():
        load_demo(session, now=now)

    came = session.scalars(select(TicketGuest).where(TicketGuest.came_at.is_not(None))).one()
    assert came.ticket.state in LIVE_STATES
    assert [message.body for message in came.ticket.messages if message.guest_id == came.id]
    assert [guest.came_at is None for guest in guests_of(session, came.ticket, now=now)] == [False, True]
