"""Resolved tickets that nobody answered."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.notifications.models import Delivery, DeliveryState, OutboxMessage
from helpdesk.tickets.jobs import autoclose
from helpdesk.tickets.models import TicketState
from helpdesk.tickets.rules.loop import (
    CloseTooEarly,
)
from helpdesk.tickets.services import (
    close_unanswered,
    reply,
    resolve_ticket,
)
from tests.cast import Cast
from tests.unit.tickets.scenes import (
    CALENDAR,
    HOUR,
    resolved,
)

DAY = timedelta(days=1)


def mails(session: Session, kind: str) -> list[OutboxMessage]:
    return list(session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == kind)))


def deliver(session: Session, state: DeliveryState, at: datetime) -> None:
    for delivery in session.scalars(sa.select(Delivery)):
        delivery.state, delivery.at = state, at
    session.flush()


def test_an_unanswered_ticket_closes_after_five_working_days(
    app: Flask, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = resolved(session, cast, now)
    deliver(session, DeliveryState.ACCEPTED, now + HOUR)

    with app.app_context():
        early = autoclose(session, now + 6 * DAY)
        late = autoclose(session, now + 8 * DAY)

    assert (early, late, ticket.state) == (0, 1, TicketState.CLOSED)
    assert mails(session, "ticket_closed")[0].payload["unanswered"] is True


@pytest.mark.parametrize("state", [DeliveryState.QUEUED, DeliveryState.BOUNCED, DeliveryState.FAILED])
def test_an_explanation_that_did_not_arrive_keeps_the_ticket_open(
    app: Flask, session: Session, cast: Cast, now: datetime, state: DeliveryState
) -> None:
    ticket = resolved(session, cast, now)
    deliver(session, state, now + HOUR)

    with app.app_context():
        autoclose(session, now + 30 * DAY)

    assert ticket.state is TicketState.RESOLVED


def test_only_the_latest_explanation_counts(app: Flask, session: Session, cast: Cast, now: datetime) -> None:
    ticket = resolved(session, cast, now)
    deliver(session, DeliveryState.ACCEPTED, now + HOUR)
    reply(session, ticket, body="还没有。", by=cast.wang_fang, now=now + DAY)
    resolve_ticket(session, ticket, explanation="Now.", by=cast.tom, now=now + 10 * DAY)

    with app.app_context():
        closed_now = autoclose(session, now + 11 * DAY)

    assert (closed_now, ticket.state) == (0, TicketState.RESOLVED)


def test_a_ticket_does_not_close_itself_early(session: Session, cast: Cast, now: datetime) -> None:
    ticket = resolved(session, cast, now)

    with pytest.raises(CloseTooEarly):
        close_unanswered(session, ticket, delivered_at=now + HOUR, now=now + DAY, calendar=CALENDAR)
