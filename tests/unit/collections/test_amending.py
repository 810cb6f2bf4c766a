"""Sending a notice again, correcting it, taking it back; and who has it by which channel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.billing.models import SubscriptionState
from helpdesk.billing.services import record_payment
from helpdesk.collections.models import CollectionsHold, NoticeState, StageKind, SuspensionNotice, Withdrawal
from helpdesk.collections.queries.ledger import Channel, PortalState, ledger_of
from helpdesk.collections.rules.notices import NobodyReachable
from helpdesk.collections.rules.steering import ReasonMissing
from helpdesk.collections.services import acknowledge, confirm_suspension
from helpdesk.collections.services.amending import correct_notice, note_seen, reissue, take_back
from helpdesk.money import Money
from helpdesk.notifications.models import DeliveryState, OutboxMessage
from helpdesk.notifications.queries import deliveries_about
from helpdesk.notifications.rendering import render
from tests.cast import Cast
from tests.unit.collections.making import add_debt, issue_up_to
from tests.unit.collections.ordering import approved, arrive


@pytest.fixture(autouse=True)
def _in_app(app: Flask, session: Session) -> Iterator[None]:
    del session
    with app.app_context():
        yield


@pytest.fixture
def notice(session: Session, cast: Cast, now: datetime) -> SuspensionNotice:
    return issue_up_to(session, add_debt(session, cast, now=now), StageKind.FINAL_NOTICE, now=now)


def test_a_notice_is_sent_again_to_whoever_can_be_reached(
    session: Session, cast: Cast, notice: SuspensionNotice, now: datetime
) -> None:
    reissue(session, notice, by=cast.tom, now=now + timedelta(hours=1))

    assert len(deliveries_about(session, "notice", notice.id)) == 2
    cast.wang_fang.mail_failing_since = now
    with pytest.raises(NobodyReachable):
        reissue(session, notice, by=cast.tom, now=now + timedelta(hours=2))


def test_a_corrected_notice_states_what_is_due_today(
    session: Session, cast: Cast, notice: SuspensionNotice, now: datetime
) -> None:
    invoice = notice.invoices[0].invoice
    record_payment(session, invoice, amount=Money(6500), on=now.date(), reference="", by=cast.tom, now=now)

    new = correct_notice(session, notice, reason="A payment was missing", by=cast.mei, now=now, calendar=None)

    assert notice.state is NoticeState.WITHDRAWN
    assert (new.stage, new.amount_stated) == (StageKind.FINAL_NOTICE, Money(10000))
    kinds = session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)).all()
    assert kinds[-2:] == ["notice_withdrawn", "notice_issued"]
    assert (notice.withdrawal, notice.closing_words) == (Withdrawal.CORRECTED, "A payment was missing")
    mail = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "notice_withdrawn")).one()
    said = render(mail, address="w@lanting.example").text
    assert "只以新通知为准" in said
    assert "A payment was missing" in said


def test_an_approved_suspension_is_carried_out_on_its_corrected_notice(
    session: Session, cast: Cast, now: datetime
) -> None:
    found = approved(session, cast, now=now)
    old = found.case.notice
    assert old is not None

    new = correct_notice(session, old, reason="A payment was missing", by=cast.mei, now=now, calendar=None)
    arrive(session)
    confirm_suspension(session, found.case, seen="Suspended", by=cast.tom, now=now)

    assert (old.state, found.case.notice_id) == (NoticeState.WITHDRAWN, new.id)
    assert found.debt.subscription.state is SubscriptionState.SUSPENDED


def test_taking_a_notice_back_needs_a_reason_and_pauses_the_stages(
    session: Session, cast: Cast, notice: SuspensionNotice, now: datetime
) -> None:
    until = now.date() + timedelta(days=7)
    with pytest.raises(ReasonMissing):
        take_back(session, notice, reason=" ", until=until, by=cast.mei, now=now)

    take_back(session, notice, reason="Wrong invoice", until=until, by=cast.mei, now=now)

    assert (notice.state, notice.withdrawal) == (NoticeState.WITHDRAWN, Withdrawal.IN_ERROR)
    assert notice.closing_words == "Wrong invoice"
    assert session.scalars(select(CollectionsHold.until)).one() == until


def test_the_ledger_names_each_contact_and_channel(
    session: Session, cast: Cast, notice: SuspensionNotice, now: datetime
) -> None:
    note_seen(session, notice.id, cast.li_na.id, now=now)
    note_seen(session, notice.id, cast.li_na.id, now=now)
    acknowledge(session, notice, by=cast.wang_fang, now=now)

    rows = ledger_of(session, notice, deliveries_about(session, "notice", notice.id))

    assert [(row.name, row.channel, row.state) for row in rows] == [
        ("王芳", Channel.MAIL, DeliveryState.QUEUED),
        ("王芳", Channel.PORTAL, PortalState.ACKNOWLEDGED),
        ("李娜", Channel.PORTAL, PortalState.SEEN),
    ]
    assert session.scalars(select(func.count(OutboxMessage.id))).one() == 3
