"""A suspension for misuse or at the customer's request, as both sides see it; and orders to Partner Center."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.billing.services import open_dispute, record_payment
from helpdesk.collections.models import (
    NoticeState,
    OrderState,
    PartnerCenterOrder,
    StageKind,
    SuspensionCase,
    SuspensionNotice,
    SuspensionReason,
)
from helpdesk.collections.services import (
    approve_suspension,
    confirm_reactivation,
    confirm_suspension,
    propose_suspension,
    run_dunning,
    settle_paid,
)
from helpdesk.collections.services.overtaken import record_suspended
from helpdesk.collections.services.steering import grant_exception
from helpdesk.money import Money
from helpdesk.notifications.models import Delivery, DeliveryState, OutboxMessage
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.billing.making import add_subscription
from tests.unit.collections.making import Debt, add_debt, issue_up_to
from tests.unit.collections.ordering import approved as approved_for_debt


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def debt(session: Session, cast: Cast, now: datetime) -> Debt:
    return add_debt(session, cast, now=now, days_overdue=0)


def suspended(
    session: Session, cast: Cast, debt: Debt, now: datetime, reason: SuspensionReason = SuspensionReason.MISUSE
) -> SuspensionCase:
    case = approved(session, cast, debt, now, reason)
    confirm_suspension(session, case, seen="Suspended", by=cast.tom, now=now)
    session.commit()
    return case


def approved(
    session: Session, cast: Cast, debt: Debt, now: datetime, reason: SuspensionReason = SuspensionReason.MISUSE
) -> SuspensionCase:
    case = propose_suspension(session, debt.subscription, reason=reason, explanation="Spam", by=cast.tom, now=now)
    approve_suspension(session, case, by=cast.mei, now=now)
    session.commit()
    return case


def test_the_customer_reads_on_every_page_that_a_subscription_is_suspended(
    browse: Browse, session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    case = suspended(session, cast, debt, now)
    cast.wang_fang.locale = "en"
    session.commit()

    page = browse.sign_in(cast.wang_fang).get("/account")

    assert "is suspended. Its data is deleted on Jan 23, 2027" in page.text
    assert page.all("a", href=f"/suspensions/{case.public_id}")
    assert "We are looking into how it was used." in page.text


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (SuspensionReason.MISUSE, "while we look into how it was used"),
        (SuspensionReason.CUSTOMER_REQUEST, "You asked us to suspend it."),
    ],
)
def test_the_page_says_why_both_dates_and_what_to_do(  # noqa: PLR0917
    browse: Browse,
    session: Session,
    cast: Cast,
    debt: Debt,
    now: datetime,
    reason: SuspensionReason,
    words: str,
) -> None:
    case = suspended(session, cast, debt, now, reason)
    cast.wang_fang.locale = "en"
    session.commit()

    page = browse.sign_in(cast.wang_fang).get(f"/suspensions/{case.public_id}")

    for text in (words, "Nov 24, 2026", "Jan 23, 2027", "60 days left", "can sign in and reach the data"):
        assert text in page.text
    assert "Spam" not in page.text


def test_an_agent_finds_where_to_propose_a_suspension_of_a_customer_who_owes_nothing(
    browse: Browse, session: Session, cast: Cast
) -> None:
    subscription = add_subscription(session, cast.sakura)
    session.commit()
    page = browse.sign_in(cast.tom).get(f"/work/customers/{cast.sakura.public_id}")
    assert page.all("a", href=f"/work/collections/{cast.sakura.public_id}")
    path = f"/work/collections/subscriptions/{subscription.public_id}/suspend"
    assert browse.get(f"/work/collections/{cast.sakura.public_id}").all("a", href=path)

    for reason in ({}, {"reason": "because"}):
        refused = browse.client.post(path, data={"explanation": "Mass mails since Monday", **reason})
        assert "Mass mails since Monday" in refused.get_data(as_text=True)

    page = browse.post(path, {"reason": "misuse", "explanation": "Mass mails since Monday"})

    assert "Proposed. A lead decides" in page.text
    page = browse.get(f"/work/collections/{cast.sakura.public_id}")
    assert not page.all("a", href=path)
    assert page.all("a", href=f"/work/collections/cases/{session.scalars(select(SuspensionCase.public_id)).one()}")


@pytest.fixture
def crossed(session: Session, cast: Cast, now: datetime) -> SuspensionCase:
    """Approved for non-payment; the payment arrives while somebody suspends it in Partner Center by hand."""
    ordered = approved_for_debt(session, cast, now=now)
    record_payment(
        session, ordered.debt.invoice, amount=Money(16500), on=now.date(), reference="", by=cast.tom, now=now
    )
    settle_paid(session, now=now)
    cast.wang_fang.locale = "en"
    session.commit()
    return ordered.case


def test_a_suspension_that_a_payment_crossed_is_recorded_as_it_is_and_to_be_undone(
    browse: Browse, session: Session, cast: Cast, crossed: SuspensionCase
) -> None:
    page = browse.sign_in(cast.tom).get(f"/work/collections/cases/{crossed.public_id}")
    assert "Not now" in page.text
    assert "It was suspended there already" in page.text

    seen = {"seen-seen": "Status: Suspended", "seen-sure": "y"}
    page = browse.post(f"/work/collections/cases/{crossed.public_id}/suspended", seen)

    assert "Reactivate it now: its reason had gone before." in page.text
    assert "It was suspended although something came in before." in page.text
    assert page.all("form", action=f"/work/collections/cases/{crossed.public_id}/reactivated")


def test_a_case_that_was_given_up_still_takes_down_that_it_was_done_by_hand(
    browse: Browse, session: Session, cast: Cast, crossed: SuspensionCase, now: datetime
) -> None:
    run_dunning(session, now=now, calendar=None)
    session.commit()
    home = f"/work/collections/cases/{crossed.public_id}"
    page = browse.sign_in(cast.tom).get(f"/work/collections/{cast.lanting.public_id}")
    assert page.all("a", href=home)
    page = browse.get(home)
    assert "Do not suspend it any more" in page.text
    assert "It was suspended there already" in page.text

    page = browse.post(f"{home}/suspended", {"seen-seen": "Status: Suspended", "seen-sure": "y"})

    assert "Reactivate it now: its reason had gone before." in page.text
    assert page.all("form", action=f"{home}/reactivated")
    assert "It should not have happened" in browse.sign_in(cast.wang_fang).get("/account").text


def test_giving_an_approved_suspension_up_takes_its_notice_back(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    case = approved_for_debt(session, cast, now=now).case
    home = f"/work/collections/cases/{case.public_id}"
    assert "the customer reads your reason in the mail" in browse.sign_in(cast.mei).get(home).text
    until = (now.date() + timedelta(days=3)).isoformat()

    page = browse.post(f"{home}/drop", {"drop-reason": "A cheque is on its way", "drop-until": until})

    assert "Not suspended. The customer is on hold until that day." in page.text
    session.expire_all()
    assert case.notice is not None
    assert case.notice.state is NoticeState.WITHDRAWN


def test_giving_up_a_suspension_for_misuse_asks_for_no_day(
    browse: Browse, session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    case = approved(session, cast, debt, now)
    home = f"/work/collections/cases/{case.public_id}"
    assert "Propose nothing until" not in browse.sign_in(cast.mei).get(home).text

    page = browse.post(f"{home}/drop", {"drop-reason": "It was a test mail"})

    assert "Not suspended." in page.text


def test_the_customer_reads_that_it_is_being_undone(
    browse: Browse, session: Session, cast: Cast, crossed: SuspensionCase, now: datetime
) -> None:
    record_suspended(session, crossed, seen="Suspended", by=cast.tom, now=now)
    session.commit()
    path = f"/suspensions/{crossed.public_id}"

    browse.sign_in(cast.wang_fang)

    assert "It should not have happened. We are having it reactivated." in browse.get("/account").text
    page = browse.get(path)
    for words in ("It should not have been suspended", "you need not do anything", "Jan 23, 2027"):
        assert words in page.text
    confirm_reactivation(session, crossed, seen="Active", by=cast.tom, now=now)
    session.commit()
    assert "This suspension is over." in browse.get(path).text
    assert "It should not have happened" not in browse.get("/account").text


def test_a_notice_still_in_force_says_that_it_is_being_undone(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ordered = approved_for_debt(session, cast, now=now)
    cast.wang_fang.locale = "en"
    open_dispute(session, ordered.debt.invoice.lines[0], amount=None, reason="", by=cast.wang_fang, now=now)
    record_suspended(session, ordered.case, seen="Suspended", by=cast.tom, now=now)
    session.commit()
    assert ordered.case.notice is not None

    page = browse.sign_in(cast.wang_fang).get(f"/notices/{ordered.case.notice.public_id}")

    assert "It should not have been suspended" in page.text
    assert page.text.count("is suspended. Its data is deleted on") == 1


def test_a_dispute_after_a_suspension_is_not_taken_for_a_payment(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ordered = approved_for_debt(session, cast, now=now)
    cast.wang_fang.locale = "en"
    record_suspended(session, ordered.case, seen="Suspended", by=cast.tom, now=now)
    open_dispute(session, ordered.debt.invoice.lines[0], amount=None, reason="", by=cast.wang_fang, now=now)
    session.commit()
    assert ordered.case.notice is not None

    page = browse.sign_in(cast.wang_fang).get(f"/notices/{ordered.case.notice.public_id}")

    assert "Your payment is booked" not in page.text
    assert "All that is left of the amount is in dispute" in page.text
    assert "What is left of the amount is in dispute" in browse.get("/account").text


def test_only_the_people_of_the_customer_see_it_and_only_once_it_happened(
    browse: Browse, session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    case = approved(session, cast, debt, now)
    path = f"/suspensions/{case.public_id}"
    browse.sign_in(cast.wang_fang)
    assert browse.client.get(path).status_code == 404
    confirm_suspension(session, case, seen="Suspended", by=cast.tom, now=now)
    session.commit()
    assert browse.client.get(path).status_code == 200
    browse.sign_in(cast.sato)
    assert browse.client.get(path).status_code == 404
    browse.sign_in(cast.tom)
    assert browse.client.get(path).status_code in {403, 404}


def test_the_second_clock_is_recalled_to_customer_and_agents_on_its_five_days(
    session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    suspended(session, cast, debt, now)
    told: dict[str, list[int]] = {"deletion_reminder": [], "collections_desk": []}
    for day in range(1, 60):
        known = set(session.scalars(select(OutboxMessage.id)))
        run_dunning(session, now=now + timedelta(days=day), calendar=None)
        for mail in session.scalars(select(OutboxMessage).where(OutboxMessage.id.not_in(known))):
            if mail.kind == "deletion_reminder" or mail.payload.get("occasion") == "deletion":
                told[mail.kind].append(60 - day)

    assert told["deletion_reminder"] == [30, 14, 7, 3, 1]
    assert sorted(set(told["collections_desk"]), reverse=True) == [30, 14, 7, 3, 1]


def test_a_lead_orders_it_from_partner_center_where_that_is_switched_on(  # noqa: PLR0917
    app: Flask, browse: Browse, session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    case = approved(session, cast, debt, now)
    home = f"/work/collections/cases/{case.public_id}"
    browse.sign_in(cast.mei)
    assert "switched off in this installation" in browse.get(home).text
    known = app.config["HELPDESK"]
    app.config["HELPDESK"] = known.model_copy(update={"partner_center_api": "on", "partner_center_writes": "on"})
    try:
        page = browse.get(home)
        assert "Have Partner Center suspend it" in page.text
        assert browse.client.post(f"{home}/order").status_code == 302
        assert "Partner Center has been asked." in browse.get(home).text
    finally:
        app.config["HELPDESK"] = known
    assert "the order waits until they are switched on again" in browse.get(home).text
    order = session.scalars(select(PartnerCenterOrder)).one()
    assert (order.state, order.asked_by_id) == (OrderState.WAITING, cast.mei.id)


def test_an_agent_may_not_order_it(browse: Browse, session: Session, cast: Cast, debt: Debt, now: datetime) -> None:
    case = approved(session, cast, debt, now)
    browse.sign_in(cast.tom)

    assert browse.client.post(f"/work/collections/cases/{case.public_id}/order").status_code == 403


def test_the_case_page_takes_the_deletion_down_once_its_day_has_come(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    case = approved_for_debt(session, cast, now=now).case
    record_suspended(session, case, seen="Suspended", by=cast.tom, now=now)
    cast.wang_fang.locale = "en"
    session.commit()
    home = f"/work/collections/cases/{case.public_id}"
    assert "21Vianet has deleted the data" not in browse.sign_in(cast.tom).get(home).text
    with time_machine.travel(now + timedelta(days=60), tick=False):
        browse.sign_in(cast.tom)
        assert "21Vianet has deleted the data" in browse.get(home).text

        page = browse.post(f"{home}/deleted", {"gone-seen": "Status: Deleted", "gone-sure": "y"})

        assert "Recorded. The case and its notice have ended." in page.text
        told = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.kind == "case_deleted")).all()
        assert cast.wang_fang.id in {message.recipient_id for message in told}
        assert case.notice is not None
        page = browse.sign_in(cast.wang_fang).get(f"/notices/{case.notice.public_id}")
        assert "The data of this subscription was deleted." in page.text


@pytest.fixture
def notice(session: Session, cast: Cast, now: datetime) -> SuspensionNotice:
    found = issue_up_to(session, add_debt(session, cast, now=now, days_overdue=10), StageKind.SECOND_REMINDER, now=now)
    session.execute(sa.update(Delivery).values(state=DeliveryState.ACCEPTED))
    session.commit()
    return found


def test_an_agent_sends_a_notice_again(browse: Browse, session: Session, cast: Cast, notice: SuspensionNotice) -> None:
    before = len(session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "notice_issued")).all())
    browse.sign_in(cast.tom)

    assert browse.client.post(f"/work/collections/notices/{notice.public_id}/reissue").status_code == 302

    after = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "notice_issued")).all()
    assert len(after) == before + 1
    assert "Mail: waiting to be sent" in browse.get(f"/notices/{notice.public_id}").text


def test_a_lead_corrects_and_withdraws_a_notice_with_a_reason_that_the_customer_reads(
    browse: Browse, session: Session, cast: Cast, notice: SuspensionNotice, now: datetime
) -> None:
    path = f"/work/collections/notices/{notice.public_id}"
    browse.sign_in(cast.tom)
    assert browse.client.post(f"{path}/correct", data={"correct-reason": "x"}).status_code == 403
    browse.sign_in(cast.mei)
    refused = browse.client.post(f"{path}/correct", data={"correct-reason": ""})
    assert refused.status_code == 200
    assert "Write down why" in refused.get_data(as_text=True)

    assert browse.client.post(f"{path}/correct", data={"correct-reason": "Wrong amount"}).status_code == 302
    session.expire_all()
    newer = session.scalars(select(SuspensionNotice).order_by(SuspensionNotice.id.desc())).first()
    assert newer is not None
    assert (notice.state, newer.state, newer.stage) == (NoticeState.WITHDRAWN, NoticeState.IN_FORCE, notice.stage)

    until = (now.date() + timedelta(days=9)).isoformat()
    values = {"withdraw-reason": "Paid by cheque", "withdraw-until": until}
    assert browse.client.post(f"/work/collections/notices/{newer.public_id}/withdraw", data=values).status_code == 302
    session.refresh(newer)
    assert newer.state is NoticeState.WITHDRAWN
    reasons = [m.payload["reason"] for m in session.scalars(select(OutboxMessage)) if m.kind == "notice_withdrawn"]
    assert reasons == ["Wrong amount", "Paid by cheque"]
    cast.wang_fang.locale = "en"
    session.commit()
    page = browse.sign_in(cast.wang_fang).get(f"/notices/{notice.public_id}")
    assert "We took this notice back and sent a corrected one." in page.text
    assert "Wrong amount" in page.text
    page = browse.get(f"/notices/{newer.public_id}")
    assert "We took this notice back: it was issued in error." in page.text
    assert "Paid by cheque" in page.text
    browse.sign_in(cast.mei)
    assert "Paused" in browse.get(f"/work/collections/{cast.lanting.public_id}").text


def test_the_ledger_says_per_contact_and_channel_what_became_of_a_notice(
    browse: Browse, session: Session, cast: Cast, notice: SuspensionNotice
) -> None:
    path = f"/notices/{notice.public_id}"
    assert "Portal: not opened yet" in browse.sign_in(cast.tom).get(path).text
    session.execute(sa.update(Delivery).values(state=DeliveryState.BOUNCED))
    session.commit()
    browse.sign_in(cast.wang_fang)
    browse.client.get(path).close()
    page = browse.sign_in(cast.tom).get(path)
    assert "Mail: came back" in page.text
    assert "Portal: seen in the portal" in page.text
    browse.sign_in(cast.wang_fang)
    browse.client.post(f"{path}/acknowledge")

    assert "Portal: acknowledged in the portal" in browse.sign_in(cast.tom).get(path).text


def test_without_a_reachable_contact_no_stage_begins_and_an_agent_gets_a_task(
    browse: Browse, session: Session, cast: Cast, notice: SuspensionNotice, now: datetime
) -> None:
    contact: User = cast.wang_fang
    contact.mail_failing_since = now
    session.commit()
    later = now + timedelta(days=10)

    run_dunning(session, now=later, calendar=None)
    session.commit()

    assert session.scalars(select(SuspensionNotice.stage).order_by(SuspensionNotice.id.desc())).first() is notice.stage
    with time_machine.travel(later, tick=False):
        page = browse.sign_in(cast.tom).get("/work/collections")
    assert "Reach these customers first" in page.text
    assert "Find a contact who can be reached" in page.text
    occasions = [mail.payload.get("occasion") for mail in session.scalars(select(OutboxMessage))]
    assert "contact" in occasions


def test_a_suspension_without_a_notice_is_not_listed_as_not_told(
    browse: Browse, session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    suspended(session, cast, debt, now)

    page = browse.sign_in(cast.tom).get("/work/collections")

    assert "not told yet" not in page.text


def test_a_proposal_whose_day_is_put_off_names_the_day_and_no_payment(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    debt = add_debt(session, cast, now=now, days_overdue=30)
    issue_up_to(session, debt, StageKind.FINAL_NOTICE, now=now)
    session.execute(sa.update(Delivery).values(state=DeliveryState.ACCEPTED))
    run_dunning(session, now=now, calendar=None)
    until = now.date() + timedelta(days=90)
    grant_exception(session, cast.lanting, extra_days=5, until=until, reason="Year end", by=cast.mei, now=now)
    session.commit()
    case = session.scalars(select(SuspensionCase)).one()

    page = browse.sign_in(cast.mei).get(f"/work/collections/cases/{case.public_id}")

    assert "By the policy it may be suspended from" in page.text
    assert "came between" not in page.text


def test_an_approved_suspension_waits_for_its_notice_to_arrive(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    case = approved_for_debt(session, cast, now=now).case
    session.execute(sa.update(Delivery).where(Delivery.subject_id == case.notice_id).values(state=DeliveryState.QUEUED))
    session.commit()

    page = browse.sign_in(cast.tom).get(f"/work/collections/cases/{case.public_id}")

    assert "Wait until the notice has arrived" in page.text
    assert "came between" not in page.text


def test_a_case_that_is_over_announces_nothing(
    browse: Browse, session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    case = suspended(session, cast, debt, now)
    path = f"/work/collections/cases/{case.public_id}"
    assert "Who is told by mail" in browse.sign_in(cast.tom).get(path).text
    confirm_reactivation(session, case, seen="Active", by=cast.tom, now=now)
    session.commit()

    assert "Who is told by mail" not in browse.get(path).text
