"""The partner's collections pages, as agents and leads use them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.accounts.passwords import hashed
from helpdesk.billing.models import SubscriptionState
from helpdesk.billing.services import open_dispute
from helpdesk.clock import utc_now
from helpdesk.collections.models import (
    Approval,
    CaseState,
    CollectionsPolicy,
    PaymentPromise,
    PolicyDraft,
    StageKind,
    SuspensionCase,
    SuspensionReason,
)
from helpdesk.collections.rules.policies import DEFAULT_DAYS
from helpdesk.collections.services import propose_suspension
from helpdesk.money import Money
from helpdesk.notifications.models import Delivery, DeliveryState, OutboxMessage
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.billing.making import add_invoice, make_line
from tests.unit.collections.making import TERMS, Debt, add_debt, issue_up_to

PASSWORD = "correct horse battery staple"  # noqa: S105 - of the tests
HASH = hashed(PASSWORD)


@pytest.fixture(autouse=True)
def _today(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def debt(session: Session, cast: Cast, now: datetime) -> Debt:
    debt = add_debt(session, cast, now=now, days_overdue=30)
    issue_up_to(session, debt, StageKind.FINAL_NOTICE, now=now)
    session.execute(sa.update(Delivery).values(state=DeliveryState.ACCEPTED))
    session.commit()
    return debt


@pytest.fixture
def case(session: Session, cast: Cast, debt: Debt, now: datetime) -> SuspensionCase:
    cast.mei.password_hash = HASH
    found = propose_suspension(
        session, debt.subscription, reason=SuspensionReason.MISUSE, explanation="Spam", by=cast.tom, now=now
    )
    session.commit()
    return found


def send(browse: Browse, path: str, **values: str) -> int:
    client: FlaskClient = browse.client
    return client.post(path, data=values).status_code


def test_an_agent_sees_who_stands_where(browse: Browse, cast: Cast, debt: Debt) -> None:
    page = browse.sign_in(cast.tom).get("/work/collections")

    for words in ("兰亭设计有限公司", "CN¥165.00", "Final notice", "A lead decides about the suspension"):
        assert words in page.text


def test_the_list_is_a_csv_file_too(browse: Browse, cast: Cast, debt: Debt) -> None:
    browse.sign_in(cast.tom)

    text = browse.client.get("/work/collections/overview.csv").get_data(as_text=True)

    assert "兰亭设计有限公司" in text
    assert "165.00" in text


@pytest.mark.parametrize("who", ["wang_fang", "emma"])
def test_the_pages_are_for_those_who_work_on_collections(browse: Browse, cast: Cast, debt: Debt, who: str) -> None:
    browse.sign_in(getattr(cast, who))

    assert browse.client.get("/work/collections").status_code == 403
    assert browse.client.get(f"/work/collections/{cast.lanting.public_id}").status_code == 403


def test_an_agent_writes_down_a_promise_but_a_lead_holds(
    browse: Browse, session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    home = f"/work/collections/{cast.lanting.public_id}"
    until = (now.date() + timedelta(days=5)).isoformat()
    browse.sign_in(cast.tom)
    promise = {"promise-amount": "165.00", "promise-promised_on": until, "promise-said_by": "Wang Fang"}

    assert send(browse, f"{home}/promise", **promise) == 302
    assert session.scalars(select(PaymentPromise)).one().amount == Money(16500)
    assert send(browse, f"{home}/hold", **{"hold-until": until, "hold-reason": "Talks"}) == 403
    browse.sign_in(cast.mei)
    assert send(browse, f"{home}/hold", **{"hold-until": until, "hold-reason": "Talks"}) == 302
    assert (
        send(
            browse,
            f"{home}/exception",
            **{"exception-extra_days": "5", "exception-until": until, "exception-reason": "x"},
        )
        == 302
    )

    page = browse.get(home)
    assert "Wang Fang" in page.text
    assert "Paused" in page.text
    with time_machine.travel(now + timedelta(days=6), tick=False):
        assert "Broken" in browse.sign_in(cast.mei).get("/work/collections?show=broken").text
        again = promise | {"promise-promised_on": (now.date() + timedelta(days=20)).isoformat()}
        assert send(browse, f"{home}/promise", **again) == 302
        assert "1 promise broken before" in browse.get("/work/collections?show=broken").text


def test_a_day_in_the_past_is_refused_and_what_was_typed_is_kept(browse: Browse, cast: Cast, debt: Debt) -> None:
    browse.sign_in(cast.mei)

    answer = browse.client.post(
        f"/work/collections/{cast.lanting.public_id}/hold", data={"hold-until": "2020-01-01", "hold-reason": "Talks"}
    )

    text = answer.get_data(as_text=True)
    assert "Choose a day from tomorrow on" in text
    assert "Talks" in text


def test_a_lead_approves_having_confirmed_who_it_is_and_an_agent_records_what_was_seen(
    browse: Browse, session: Session, cast: Cast, debt: Debt, case: SuspensionCase
) -> None:
    home = f"/work/collections/cases/{case.public_id}"
    browse.sign_in(cast.mei)
    assert "wang.fang@lanting.example" in browse.get(home).text

    browse.sign_in(cast.mei, fresh=False)
    assert "Confirm that it is you" in browse.post(f"{home}/approve", {"confirm_password": "wrong"}).text
    assert case.state is CaseState.PROPOSED
    assert send(browse, f"{home}/approve", confirm_password=PASSWORD) == 302
    browse.sign_in(cast.tom)
    assert "lanting.partner.onmschina.cn" in browse.get(home).text
    assert send(browse, f"{home}/suspended", **{"seen-seen": "Status: Suspended"}) == 200
    assert send(browse, f"{home}/suspended", **{"seen-seen": "Status: Suspended", "seen-sure": "y"}) == 302

    session.expire_all()
    assert debt.subscription.state == SubscriptionState.SUSPENDED.value
    assert "60 days left" in browse.get(home).text
    assert send(browse, f"{home}/ask-reactivation") == 302
    assert not browse.get(home).all("input", name="seen-on")
    assert send(browse, f"{home}/reactivated", **{"seen-seen": "Active", "seen-sure": "y"}) == 302
    session.expire_all()
    assert debt.subscription.state == SubscriptionState.ACTIVE.value
    assert "Reactivated" in browse.get(home).text


def test_a_reactivation_is_recorded_after_the_day_of_the_deletion_with_the_day_on_which_it_was_done(
    browse: Browse, session: Session, cast: Cast, debt: Debt, case: SuspensionCase
) -> None:
    home, seen = f"/work/collections/cases/{case.public_id}", {"seen-seen": "Active", "seen-sure": "y"}
    before = utc_now() - timedelta(days=61)
    case.state, case.approved_at = CaseState.SUSPENDED, before
    case.suspended_at = case.reactivation_asked_at = before
    case.data_deleted_on = before.date() + timedelta(days=60)
    debt.subscription.state, debt.subscription.suspended_at = SubscriptionState.SUSPENDED, before
    session.commit()
    browse.sign_in(cast.tom)

    assert browse.get(home).all("input", name="seen-on")
    late = browse.client.post(f"{home}/reactivated", data=seen).get_data(as_text=True)
    assert "Was it switched on before?" in late
    assert "Active</textarea>" in late
    day = (before + timedelta(days=30)).date().isoformat()
    assert send(browse, f"{home}/reactivated", **seen, **{"seen-on": day}) == 302
    session.expire_all()
    assert case.state is CaseState.REACTIVATED


def test_an_agent_proposes_but_does_not_approve(browse: Browse, session: Session, cast: Cast, debt: Debt) -> None:
    browse.sign_in(cast.tom)
    path = f"/work/collections/subscriptions/{debt.subscription.public_id}/suspend"
    browse.get(path)

    assert send(browse, path, reason="customer_request", explanation="She asked by mail") == 302
    made = session.scalars(select(SuspensionCase)).one()
    assert send(browse, f"/work/collections/cases/{made.public_id}/approve") == 403


def draft_of(days: dict[str, int], effective_from: date) -> dict[str, str]:
    texts = {"en": TERMS["en"], "zh_Hans": TERMS["zh-Hans"], "ja": TERMS["ja"]}
    numbers = {kind: str(day) for kind, day in days.items()}
    return {**numbers, **texts, "effective_from": effective_from.isoformat(), "minimum": "50.00"}


def send_draft(browse: Browse, **values: str) -> int:
    """Open the form, and send it with the state of the draft that it was opened with."""
    bases = browse.get("/work/collections/policy").all("input", name="base")
    return send(browse, "/work/collections/policy", **values, base=bases[0].get("value", ""))


def test_a_draft_is_laid_over_every_open_invoice_and_then_published(
    browse: Browse, session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    browse.sign_in(cast.mei)
    browse.get("/work/collections/policy")
    days = {"reminder": 5, "second_reminder": 14, "final_notice": 25, "suspension": 40}
    assert send(browse, "/work/collections/policy", **draft_of(days, now.date() + timedelta(days=30))) == 302

    page = browse.get("/work/collections/policy/simulation")
    assert debt.invoice.number in page.text
    assert "Suspended later" in page.text
    assert send(browse, "/work/collections/policy/publish") == 302

    assert session.scalars(select(CollectionsPolicy.version).order_by(CollectionsPolicy.version)).all() == [1, 2]
    told = session.scalars(select(OutboxMessage.recipient_id).where(OutboxMessage.kind == "policy_published")).all()
    assert set(told) == {cast.wang_fang.id, cast.sato.id}


def test_a_draft_that_suspends_unwarned_is_refused_with_the_path(
    browse: Browse, session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    browse.sign_in(cast.mei)
    days = {"reminder": 3, "second_reminder": 10, "final_notice": 35, "suspension": 30}
    send(browse, "/work/collections/policy", **draft_of(days, now.date() + timedelta(days=30)))

    page = browse.get("/work/collections/policy/simulation")

    assert "on the day of the stage before it" in page.text
    assert send(browse, "/work/collections/policy/publish") == 409
    assert session.scalars(select(CollectionsPolicy.version)).all() == [1]


def test_grace_counts_before_a_draft_is_published(
    browse: Browse, session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    browse.sign_in(cast.mei)
    days = {"reminder": 3, "second_reminder": 10, "final_notice": 20, "suspension": 30}
    draft = draft_of(days, now.date() + timedelta(days=30))

    send_draft(browse, **draft, grace_final_notice="8")
    assert "too soon after the final notice" in browse.get("/work/collections/policy/simulation").text
    assert send(browse, "/work/collections/policy/publish") == 409
    send_draft(browse, **draft, grace_suspension="31")
    assert send(browse, "/work/collections/policy/publish") == 409
    assert send_draft(browse, **draft, grace_suspension="2") == 302
    assert send(browse, "/work/collections/policy/publish") == 302
    newest = session.scalars(select(CollectionsPolicy).order_by(CollectionsPolicy.version.desc())).first()
    assert newest is not None
    assert newest.offsets[StageKind.SUSPENSION] == 32


def test_what_is_disputed_before_it_is_due_counts_as_in_dispute(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    lines = [make_line(), make_line()]
    add_invoice(session, cast.sakura, now=now, lines=lines, due_on=now.date() + timedelta(days=9))
    open_dispute(session, lines[0], amount=None, reason="", by=cast.tom, now=now)
    session.commit()

    page = browse.sign_in(cast.tom).get("/work/collections")
    customer = browse.get(f"/work/collections/{cast.sakura.public_id}")

    assert "In dispute, nothing overdue" in page.text
    assert "さくら商事株式会社 · CN¥165.00" in page.text
    assert "CN¥165.00" in customer.text


def test_only_who_may_publish_is_led_to_the_next_policy_version(browse: Browse, cast: Cast, debt: Debt) -> None:
    for person, is_led in ((cast.tom, False), (cast.mei, True)):
        page = browse.sign_in(person).get("/work/collections")

        assert bool(page.all("a", href="/work/collections/policy")) is is_led


def test_a_draft_that_somebody_saved_meanwhile_is_not_overwritten(
    browse: Browse, session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    browse.sign_in(cast.mei)
    draft = draft_of({kind.value: day for kind, day in DEFAULT_DAYS.items()}, now.date() + timedelta(days=30))
    assert send_draft(browse, **draft) == 302

    page = browse.post("/work/collections/policy", {**draft, "minimum": "80.00", "base": ""})

    assert "Somebody else saved or published this draft meanwhile." in page.text
    assert page.all("input", name="minimum")[0]["value"] == "80.00"
    assert session.scalars(select(PolicyDraft.minimum_minor)).all() == [5000]


def test_who_approves_is_chosen_in_the_draft_and_shown_to_staff(
    browse: Browse, session: Session, cast: Cast, debt: Debt, now: datetime
) -> None:
    browse.sign_in(cast.mei)
    draft = draft_of({kind.value: day for kind, day in DEFAULT_DAYS.items()}, now.date() + timedelta(days=30))
    chosen = {"approval_final_notice": "agent", "approval_suspension": "administrator"}

    refused = browse.post("/work/collections/policy", {**draft, "approval_suspension": "engine"})
    assert "Not a valid choice" in refused.text
    assert send_draft(browse, **draft, **chosen) == 302
    assert "An administrator of ours approves it." in browse.get("/work/collections/policy/simulation").text
    assert send(browse, "/work/collections/policy/publish") == 302

    assert "An administrator of ours approves it." in browse.get("/policy/2").text
    cast.wang_fang.locale = "en"
    session.commit()
    page = browse.sign_in(cast.wang_fang).get("/policy/2")
    assert "One of our people approves it." in page.text
    assert "An administrator of ours" not in page.text


def test_a_notice_that_waits_is_listed_approved_and_sent(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    asked = {StageKind.REMINDER: Approval.AGENT}
    waiting = add_debt(session, cast, now=now, days_overdue=5, approvals=asked)
    session.commit()

    page = browse.sign_in(cast.tom).get("/work/collections")
    assert "Notices that wait for approval" in page.text
    assert "An agent of ours approves it." in page.text
    page = browse.get(f"/work/collections/{cast.lanting.public_id}")
    assert "It goes by mail to 王芳 and into their portal, about CN¥165.00." in page.text
    page = browse.post(f"/work/collections/subscriptions/{waiting.subscription.public_id}/approve")

    assert "Approved by Tom Becker" in page.text
    assert "Notices that wait for approval" not in browse.get("/work/collections").text
    page = browse.post(f"/work/collections/subscriptions/{waiting.subscription.public_id}/approve", status=409)
    assert "No notice waits for an approval here now" in page.text


def test_an_agent_sees_what_a_lead_approves_without_the_button(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    asked = {StageKind.REMINDER: Approval.LEAD}
    waiting = add_debt(session, cast, now=now, days_overdue=5, approvals=asked)
    session.commit()
    path = f"/work/collections/subscriptions/{waiting.subscription.public_id}/approve"

    page = browse.sign_in(cast.tom).get(f"/work/collections/{cast.lanting.public_id}")

    assert "A lead of ours approves it." in page.text
    assert not page.all("form", action=path)
    assert "By the policy somebody else approves this." in browse.post(path, status=409).text
