"""Machines that write to machines stop."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.extensions import db
from helpdesk.intake.models import Reason, Result
from helpdesk.notifications.delivery import deliver_due
from helpdesk.notifications.mime import Heads, compose
from helpdesk.notifications.models import OutboxMessage, OutboxState
from helpdesk.notifications.rendering import render
from helpdesk.notifications.transports import MemoryTransport
from tests.cast import Cast
from tests.unit.intake.conftest import Receive, letter

FANG = "wang.fang@lanting.example"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated; x=y"},
        {"Precedence": "bulk"},
        {"List-Id": "<news.lanting.example>"},
        {"Return-Path": "<>"},
        {"X-Autoreply": "yes"},
    ],
    ids=str,
)
def test_a_machines_mail_makes_no_ticket(take: Receive, cast: Cast, headers: dict[str, str]) -> None:
    assert take(letter(FANG, **headers)).result is Result.AUTO_REPLY


@pytest.mark.parametrize(
    "subject", ["Automatic reply: x", "自动回复：您好", "自動応答: 不在です", "Out of Office: back on Monday"]
)
def test_an_absence_note_is_known_by_its_subject(take: Receive, cast: Cast, subject: str) -> None:
    assert take(letter(FANG, subject=subject)).result is Result.AUTO_REPLY


def test_a_person_may_say_that_their_mail_is_not_automatic(take: Receive, cast: Cast) -> None:
    assert take(letter(FANG, Auto_Submitted="no")).result is Result.CREATED


def test_our_own_mail_coming_back_is_rejected(take: Receive, cast: Cast) -> None:
    assert take(letter("billing@partner.example")).reason is Reason.OWN_MAIL


def waiting(session: Session) -> list[OutboxMessage]:
    """Mails that would go out."""
    return list(session.scalars(select(OutboxMessage).where(OutboxMessage.state == OutboxState.QUEUED)))


def sent(app: Flask, message: OutboxMessage, at: datetime) -> bytes:
    """A mail of ours as the other side gets it."""
    with app.app_context():
        rendered = render(message, address=message.delivery.address)
    message.state = OutboxState.SENT
    message.delivery.mail_message_id = f"<{message.public_id}@partner.example>"
    heads = Heads("Lanhe", "billing@partner.example", "", FANG, message.delivery.mail_message_id, "en", at)
    return compose(rendered, heads).as_bytes()


@pytest.mark.parametrize(
    ("theirs", "below"),
    [("<1@lanting.example>", "<1@lanting.example>"), ("<1@lanting example>", None), ("", None)],
)
def test_an_acknowledgement_stands_below_the_mail_that_it_answers(
    app: Flask, take: Receive, cast: Cast, now: datetime, *, theirs: str, below: str | None
) -> None:
    take(letter(FANG, Message_ID=theirs))
    transport = MemoryTransport()

    with app.app_context():
        deliver_due(db.sessionmaker, transport, now=now)

    (mail,) = [each for each in transport.sent if FANG in each["To"]]
    assert (mail["In-Reply-To"], mail["References"]) == (below, below)
    assert mail["Auto-Submitted"] == ("auto-replied" if below else "auto-generated")


def test_two_helpdesks_like_ours_stop_after_one_mail_each(
    app: Flask, session: Session, take: Receive, cast: Cast, now: datetime
) -> None:
    take(letter(FANG))
    (acknowledgement,) = waiting(session)

    theirs = sent(app, acknowledgement, now).replace(b"billing@partner.example", b"sato@sakura.example")

    assert take(theirs).result in {Result.AUTO_REPLY, Result.REJECTED}
    assert waiting(session) == []


@pytest.mark.parametrize("threaded", [True, False])
def test_a_rude_helpdesk_that_answers_everything_gets_at_most_two_mails(
    app: Flask, session: Session, take: Receive, cast: Cast, now: datetime, *, threaded: bool
) -> None:
    take(letter(FANG, "We have your mail, number 0"))
    ours = 0
    for turn in range(1, 12):
        outgoing = waiting(session)
        if not outgoing:
            break
        ours += len(outgoing)
        for message in outgoing:
            raw = sent(app, message, now)
            assert b"Auto-Submitted: auto-generated" in raw
        answer = {"In-Reply-To": outgoing[0].delivery.mail_message_id} if threaded else {}
        take(letter(FANG, f"We have your mail, number {turn}", **answer), at=now + timedelta(seconds=turn))

    assert waiting(session) == []
    assert ours <= 2
