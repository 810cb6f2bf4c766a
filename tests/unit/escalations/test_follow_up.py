"""What time brings: reminders, credits, closed cases."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.escalations.jobs import CREDITS, FOLLOW_UPS, schedule
from helpdesk.escalations.models import ContactEffect, CreditWatch, Escalation, EscalationState, Outcome
from helpdesk.escalations.services import (
    close_told_cases,
    log_contact,
    record_answer,
    remind_of_follow_ups,
    watch_credits,
)
from helpdesk.jobs import all_jobs
from helpdesk.money import Money
from helpdesk.notifications.models import OutboxMessage
from helpdesk.tickets.models import Topic
from helpdesk.tickets.services import resolve_ticket
from tests.cast import Cast
from tests.unit.escalations.stage import CALENDARS, ask, bill, filed, reconcile, vnet_said

OFFSET = {"ChargeType": "Offset line item", "Amount": "-33", "Subtotal": "-33", "Tax": "0", "TotalForCustomer": "-33"}


def reminded(session: Session) -> list[str]:
    statement = select(OutboxMessage).where(OutboxMessage.kind == "escalation_follow_up").order_by(OutboxMessage.id)
    return [message.recipient_name for message in session.scalars(statement)]


def remind(session: Session, now: datetime) -> int:
    return remind_of_follow_ups(session, now=now, calendars=CALENDARS)


def test_nobody_is_reminded_before_it_is_due(session: Session, cast: Cast, now: datetime) -> None:
    filed(session, cast, now=now)

    assert remind(session, now + timedelta(hours=23)) == 0
    assert reminded(session) == []


def test_the_owner_is_reminded_once_then_the_lead(session: Session, cast: Cast, now: datetime) -> None:
    filed(session, cast, now=now)

    for hours in (24, 25, 30):
        remind(session, now + timedelta(hours=hours))
    assert reminded(session) == [cast.tom.name]

    for hours in (48, 49, 24 * 9):
        remind(session, now + timedelta(hours=hours))
    assert reminded(session) == [cast.tom.name, cast.mei.name]


def test_a_worker_that_was_down_for_a_week_reminds_each_person_once(
    session: Session, cast: Cast, now: datetime
) -> None:
    filed(session, cast, now=now)

    remind(session, now + timedelta(days=8))

    assert sorted(reminded(session)) == sorted([cast.tom.name, cast.mei.name])


def test_the_golden_week_is_not_late(session: Session, cast: Cast) -> None:
    filed_at = datetime(2026, 9, 29, 17, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    case = filed(session, cast, now=filed_at)
    due = datetime(2026, 9, 30, 17, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert case.next_check_at == due

    remind(session, due + timedelta(days=6))
    assert reminded(session) == [cast.tom.name]

    remind(session, datetime(2026, 10, 8, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai")))
    assert reminded(session) == [cast.tom.name, cast.mei.name]


def test_a_new_due_date_reminds_anew(session: Session, cast: Cast, now: datetime) -> None:
    case = filed(session, cast, now=now)
    remind(session, now + timedelta(days=1))
    later = now + timedelta(days=1, hours=1)
    log_contact(session, case, vnet_said(later), by=cast.tom, now=later, calendars=CALENDARS)

    remind(session, later + timedelta(days=1))

    assert reminded(session) == [cast.tom.name, cast.tom.name]


def test_what_21vianet_asked_of_us_is_reminded_too(session: Session, cast: Cast, now: datetime) -> None:
    case = filed(session, cast, now=now)
    asks = ContactEffect.INFORMATION_REQUESTED
    log_contact(session, case, vnet_said(now), by=cast.tom, now=now, calendars=CALENDARS, effect=asks)

    remind(session, now + timedelta(days=1))

    message = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "escalation_follow_up")).one()
    assert message.payload["state"] == "information_requested"


def granted(session: Session, cast: Cast, now: datetime) -> Escalation:
    case = filed(session, cast, now=now)
    credit = Money(3300)
    return record_answer(session, case, vnet_said(now), outcome=Outcome.GRANTED, credit=credit, by=cast.tom, now=now)


def credit_mails(session: Session) -> list[str]:
    statement = select(OutboxMessage).where(OutboxMessage.kind == "escalation_credit").order_by(OutboxMessage.id)
    return [str(message.payload["watch"]) for message in session.scalars(statement)]


def test_the_owner_is_told_when_the_offset_arrives(session: Session, cast: Cast, now: datetime) -> None:
    case = granted(session, cast, now)
    later = now + timedelta(days=20)
    rows = reconcile(session, {"CustomerId": cast.lanting.tenant_id} | OFFSET, now=later, name="2026-11.csv")

    assert watch_credits(session, now=later) == 1
    assert watch_credits(session, now=later) == 0

    assert (case.credit_watch, case.credit_row) == (CreditWatch.ARRIVED, rows[0])
    assert credit_mails(session) == ["arrived"]


def test_an_offset_of_another_amount_or_customer_or_before_the_answer_is_not_it(
    session: Session, cast: Cast, now: datetime
) -> None:
    mine = {"CustomerId": cast.lanting.tenant_id}
    reconcile(session, mine | OFFSET, now=now - timedelta(days=1), name="early.csv")
    case = granted(session, cast, now)
    other = {"TotalForCustomer": "-32", "Amount": "-32", "Subtotal": "-32"}
    foreign = {"CustomerId": cast.sakura.tenant_id, "SubscriptionId": "VSUB-9"}
    reconcile(session, mine | OFFSET | other, OFFSET | foreign, now=now + timedelta(days=1), name="other.csv")

    watch_credits(session, now=now + timedelta(days=1))

    assert case.credit_watch is CreditWatch.EXPECTED


def test_one_offset_answers_one_case(session: Session, cast: Cast, now: datetime) -> None:
    ticket = ask(session, cast, now=now, topic=Topic.QUESTION)
    first = granted(session, cast, now)
    second = filed(session, cast, now=now, ticket=ticket)
    record_answer(session, second, vnet_said(now), outcome=Outcome.GRANTED, credit=Money(3300), by=cast.tom, now=now)
    later = now + timedelta(days=20)
    reconcile(session, {"CustomerId": cast.lanting.tenant_id} | OFFSET, now=later, name="2026-11.csv")

    watch_credits(session, now=later)

    assert (first.credit_watch, second.credit_watch) == (CreditWatch.ARRIVED, CreditWatch.EXPECTED)


def test_a_credit_that_did_not_come_with_the_second_file_is_missing_until_it_comes(
    session: Session, cast: Cast, now: datetime
) -> None:
    case = granted(session, cast, now)
    mine = {"CustomerId": cast.lanting.tenant_id}
    for month in ("11", "12"):
        later = now + timedelta(days=30)
        period = {"ChargeStartDate": f"{month}/1/2026 0:00", "ChargeEndDate": f"{month}/30/2026 23:59"}
        reconcile(session, mine | period, now=later, name=f"{month}.csv")
        watch_credits(session, now=later)

    missed = case.credit_watch
    reconcile(session, mine | OFFSET, now=now + timedelta(days=90), name="2027-01.csv")
    watch_credits(session, now=now + timedelta(days=90))
    assert (missed, case.credit_watch) == (CreditWatch.MISSING, CreditWatch.ARRIVED)
    assert credit_mails(session) == ["missing", "arrived"]


def test_cases_whose_customers_were_told_close_by_themselves(session: Session, cast: Cast, now: datetime) -> None:
    ticket = ask(session, cast, now=now, topic=Topic.QUESTION, invoice=bill(session, cast, now=now))
    case = filed(session, cast, now=now, ticket=ticket)
    record_answer(session, case, vnet_said(now), outcome=Outcome.EXPLAINED, by=cast.tom, now=now)
    assert close_told_cases(session, now=now) == 0

    resolve_ticket(session, ticket, explanation="It is right because …", by=cast.tom, now=now)

    assert close_told_cases(session, now=now) == 1
    assert case.state is EscalationState.CLOSED


def test_the_worker_knows_the_jobs(session: Session, cast: Cast, now: datetime) -> None:
    filed(session, cast, now=now)
    schedule("Asia/Shanghai")
    jobs = {job.name: job for job in all_jobs()}

    jobs[FOLLOW_UPS].work(session, now + timedelta(days=1))
    jobs[CREDITS].work(session, now + timedelta(days=1))

    assert reminded(session) == [cast.tom.name]
