"""What the mails of a ticket say, made from real events."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.notifications.models import OutboxMessage
from helpdesk.notifications.rendering import Rendered, render
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.services import (
    add_note,
    assign,
    close_unanswered,
    confirm,
    reopen,
    reply,
    resolve_ticket,
)
from tests.cast import Cast
from tests.unit.tickets.scenes import CALENDAR, HOUR, opened, slip

CANARY = "KANARIENVOGEL-7f3a"
HOSTILE = "<img src=x onerror=alert(1)>\nsecond line"


def a_whole_life(session: Session, cast: Cast, now: datetime) -> Ticket:
    """Every mail is sent at least once."""
    files, store = slip()
    ticket = opened(session, cast.wang_fang, now, subject="请\r\n看 <b>")
    add_note(session, ticket, body=CANARY, by=cast.tom, now=now)
    assign(session, ticket, owner=cast.mei, by=cast.tom, now=now)
    reply(session, ticket, body=HOSTILE, by=cast.tom, now=now + HOUR, files=files, store=store)
    resolve_ticket(session, ticket, explanation="Prorated.", by=cast.tom, now=now + 2 * HOUR)
    reopen(session, ticket, body="还没有。", by=cast.wang_fang, now=now + 3 * HOUR)
    resolve_ticket(session, ticket, explanation="Now.", by=cast.tom, now=now + 4 * HOUR)
    late = now + timedelta(days=20)
    close_unanswered(session, ticket, delivered_at=now + 4 * HOUR, now=late, calendar=CALENDAR)
    other = opened(session, cast.sato, now)
    confirm(session, other, by=cast.sato, now=now + HOUR)
    return ticket


def rendered(app: Flask, session: Session, locale: str) -> dict[str, Rendered]:
    with app.test_request_context():
        found: dict[str, Rendered] = {}
        for message in session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)):
            message.locale = locale
            found.setdefault(message.kind, render(message, address="someone@example.com"))
        return found


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "ja"])
def test_every_mail_renders_in_every_language(
    app: Flask, session: Session, cast: Cast, now: datetime, locale: str
) -> None:
    a_whole_life(session, cast, now)

    mails = rendered(app, session, locale)

    assert set(mails) == {
        "ticket_received",
        "ticket_assigned",
        "ticket_answered",
        "ticket_resolved",
        "ticket_reopened",
        "ticket_closed",
    }
    for mail in mails.values():
        assert mail.subject.startswith("[T-1001] ")
        assert "\n" not in mail.subject
        assert "http://localhost/" in mail.text
        assert "%(" not in mail.subject + mail.text + mail.html
        assert CANARY not in mail.subject + mail.text + mail.html


def test_what_was_written_stays_text(app: Flask, session: Session, cast: Cast, now: datetime) -> None:
    a_whole_life(session, cast, now)

    mail = rendered(app, session, "en")["ticket_answered"]

    assert "<img" not in mail.html
    assert HOSTILE in mail.text
    assert "银行回单.pdf" in mail.text


def test_the_explanation_says_how_to_answer(app: Flask, session: Session, cast: Cast, now: datetime) -> None:
    a_whole_life(session, cast, now)

    mail = rendered(app, session, "en")["ticket_resolved"]

    assert "Yes, this is solved" in mail.text
    assert "http://localhost/tickets/T-1001#settle" in mail.text
    assert "5 working days" in mail.text


def test_the_promise_is_in_the_first_mail(app: Flask, session: Session, cast: Cast, now: datetime) -> None:
    a_whole_life(session, cast, now)

    assert "Nov 25, 2026" in rendered(app, session, "en")["ticket_received"].text
