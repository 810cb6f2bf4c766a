"""What the partner's own people get by mail, in their language."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.escalations.models import ContactEffect, CreditWatch, Escalation
from helpdesk.escalations.services import log_contact
from helpdesk.escalations.services.mails import (
    ask_for_approval,
    leads,
    remind,
    tell_approved,
    tell_credit,
    tell_sent_back,
)
from helpdesk.notifications.models import OutboxMessage
from helpdesk.notifications.rendering import Rendered, render
from helpdesk.permissions import Role
from tests.cast import Cast
from tests.unit.escalations.stage import CALENDARS, filed, vnet_said


def last_mail(app: Flask, session: Session) -> Rendered:
    message = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one()
    with app.app_context():
        return render(message, address="someone@partner.example")


def every_mail(app: Flask, session: Session, case: Escalation, cast: Cast, now: datetime) -> list[Rendered]:
    written = []
    ask_for_approval(session, case, now=now)
    written.append(last_mail(app, session))
    tell_approved(session, case, now=now)
    written.append(last_mail(app, session))
    case.approval_note = "Which month?"
    tell_sent_back(session, case, by=cast.mei, now=now)
    written.append(last_mail(app, session))
    remind(session, case, [cast.tom], now=now)
    written.append(last_mail(app, session))
    for watch in (CreditWatch.ARRIVED, CreditWatch.MISSING):
        case.credit_watch = watch
        tell_credit(session, case, now=now)
        written.append(last_mail(app, session))
    asks = ContactEffect.INFORMATION_REQUESTED
    log_contact(session, case, vnet_said(now), by=cast.tom, now=now, calendars=CALENDARS, effect=asks)
    remind(session, case, [cast.tom], now=now)
    return [*written, last_mail(app, session)]


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "ja"])
def test_every_mail_says_which_ticket_and_where(
    app: Flask, session: Session, cast: Cast, now: datetime, locale: str
) -> None:
    cast.tom.locale = cast.mei.locale = locale
    case = filed(session, cast, now=now, number="SR-2026-00871")

    for mail in every_mail(app, session, case, cast, now + timedelta(days=2)):
        assert case.ticket.ref in mail.subject
        assert f"/work/escalations/{case.public_id}" in mail.text
        assert f"/work/escalations/{case.public_id}" in mail.html


def test_no_mail_of_a_case_goes_to_a_customer(app: Flask, session: Session, cast: Cast, now: datetime) -> None:
    case = filed(session, cast, now=now)

    every_mail(app, session, case, cast, now)

    statement = select(OutboxMessage.recipient_id).where(OutboxMessage.kind.like("escalation%"))
    assert set(session.scalars(statement)) <= {cast.tom.id, cast.mei.id}


def test_where_there_is_no_lead_the_administrators_approve(session: Session, cast: Cast) -> None:
    assert leads(session) == [cast.mei]
    cast.mei.role = Role.AGENT
    session.flush()

    assert leads(session) == [cast.root]
