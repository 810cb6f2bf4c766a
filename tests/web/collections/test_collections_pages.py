"""Notices and the policy as people see them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session, object_session

from helpdesk.accounts.models import User
from helpdesk.billing.services import open_dispute, record_payment
from helpdesk.collections import wiring
from helpdesk.collections.models import CollectionsPolicy, NoticeState, StageKind, SuspensionNotice
from helpdesk.collections.queries import notices_page
from helpdesk.collections.rules.policies import DEFAULT_DAYS
from helpdesk.collections.services import accept_policy, issue_notice, suspend_subscription
from helpdesk.money import Money
from helpdesk.notifications.models import Delivery, DeliveryState
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.collections.making import Debt, add_debt, issue_up_to, published


@pytest.fixture(autouse=True)
def _wired(app: Flask, now: datetime) -> None:
    if "urgent_notices" not in app.jinja_env.globals:
        wiring.init_app(app)


@pytest.fixture(autouse=True)
def _today(now: datetime) -> object:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def debt(session: Session, cast: Cast, now: datetime) -> Debt:
    return add_debt(session, cast, now=now)


@pytest.fixture
def notice(session: Session, debt: Debt, now: datetime) -> SuspensionNotice:
    notice = issue_up_to(session, debt, StageKind.FINAL_NOTICE, now=now)
    session.commit()
    return notice


@pytest.fixture
def policy(session: Session, now: datetime) -> CollectionsPolicy:
    policy = published(session, effective_from=date(2026, 1, 1), now=now)
    session.commit()
    return policy


def speak(person: User, locale: str) -> None:
    """Have somebody read the pages in a language."""
    person.locale = locale
    session = object_session(person)
    assert session is not None
    session.commit()


def test_a_notice_shows_both_clocks_the_amounts_and_every_way_out(
    browse: Browse, cast: Cast, debt: Debt, notice: SuspensionNotice
) -> None:
    speak(cast.wang_fang, "en")

    page = browse.sign_in(cast.wang_fang).get(f"/notices/{notice.public_id}")

    for words in ("Dec 4, 2026", "10 days left", "Feb 2, 2027", "70 days left", "CN¥165.00", debt.invoice.number):
        assert words in page.text
    assert "cannot sign in" in page.text
    links = {link["href"] for link in page.all("a")}
    assert f"/invoices/{debt.invoice.number}/proof" in links
    for topic in ("dispute", "suspension"):
        assert any(link.startswith(f"/tickets/new?topic={topic}&notice={notice.public_id}") for link in links)
    assert "/policy/1#clause-3-3" in links


@pytest.mark.parametrize(("locale", "title"), [("zh-Hans", "最终通知"), ("ja", "最終通知")])
def test_the_clause_is_named_in_the_readers_language_and_linked(
    browse: Browse, cast: Cast, notice: SuspensionNotice, locale: str, title: str
) -> None:
    speak(cast.wang_fang, locale)

    page = browse.sign_in(cast.wang_fang).get(f"/notices/{notice.public_id}")
    policy = browse.get("/policy/1")

    assert page.all("a", href="/policy/1#clause-3-3")
    assert title in page.text
    assert policy.all("section", id="clause-3-3")


def test_a_disputed_part_is_not_due_and_both_amounts_are_shown(  # noqa: PLR0917
    browse: Browse, session: Session, cast: Cast, now: datetime, debt: Debt, notice: SuspensionNotice
) -> None:
    speak(cast.wang_fang, "en")
    open_dispute(session, debt.invoice.lines[0], amount=Money(3300), reason="", by=cast.wang_fang, now=now)
    session.commit()

    text = browse.sign_in(cast.wang_fang).get(f"/notices/{notice.public_id}").text

    assert "Stated when issuedCN¥165.00" in text
    assert "To pay nowCN¥132.00" in text


def test_a_member_sees_the_dates_and_no_amounts(
    browse: Browse, cast: Cast, debt: Debt, notice: SuspensionNotice
) -> None:
    speak(cast.li_na, "en")

    text = browse.sign_in(cast.li_na).get(f"/notices/{notice.public_id}").text
    listed = browse.get("/notices").text

    assert "Dec 4, 2026" in text
    for shown in (text, listed):
        assert "165.00" not in shown
        assert debt.invoice.number not in shown


@pytest.mark.parametrize(
    ("person", "status"),
    [("wang_fang", 200), ("li_na", 200), ("tom", 200), ("root", 200), ("sato", 404), ("emma", 403)],
)
def test_who_may_see_a_notice(  # noqa: PLR0917
    client: FlaskClient, browse: Browse, cast: Cast, notice: SuspensionNotice, person: str, status: int
) -> None:
    browse.sign_in(getattr(cast, person))

    assert client.get(f"/notices/{notice.public_id}").status_code == status
    assert client.get(f"/notices/{notice.public_id}/dates.ics").status_code == status


def test_the_partners_people_see_who_was_told(browse: Browse, cast: Cast, notice: SuspensionNotice) -> None:
    page = browse.sign_in(cast.tom).get(f"/notices/{notice.public_id}")

    assert "wang.fang@lanting.example" in page.text
    assert "wang.fang@lanting.example" not in browse.sign_in(cast.li_na).get(f"/notices/{notice.public_id}").text


def test_acknowledging_is_noted_once(browse: Browse, session: Session, cast: Cast, notice: SuspensionNotice) -> None:
    page = browse.sign_in(cast.wang_fang).post(f"/notices/{notice.public_id}/acknowledge")

    session.refresh(notice)
    assert notice.acknowledged_by_id == cast.wang_fang.id
    assert not page.all("form", action=f"/notices/{notice.public_id}/acknowledge")


def test_the_partners_people_and_strangers_do_not_acknowledge(
    client: FlaskClient, browse: Browse, cast: Cast, notice: SuspensionNotice
) -> None:
    path = f"/notices/{notice.public_id}/acknowledge"
    answers = {}
    for name in ("tom", "sato"):
        browse.sign_in(getattr(cast, name))
        answers[name] = client.post(path).status_code

    assert answers == {"tom": 403, "sato": 404}


@pytest.mark.parametrize("state", NoticeState)
def test_every_state_has_its_page(
    browse: Browse, session: Session, cast: Cast, notice: SuspensionNotice, state: NoticeState
) -> None:
    notice.state = state
    session.commit()

    browse.sign_in(cast.wang_fang).get(f"/notices/{notice.public_id}")
    browse.get("/notices")


def test_the_calendar_file_holds_both_days(
    client: FlaskClient, browse: Browse, cast: Cast, notice: SuspensionNotice
) -> None:
    browse.sign_in(cast.wang_fang)

    answer = client.get(f"/notices/{notice.public_id}/dates.ics")
    text = answer.get_data(as_text=True)

    assert answer.mimetype == "text/calendar"
    assert "DTSTART;VALUE=DATE:20261204" in text
    assert "DTSTART;VALUE=DATE:20270202" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.count("\r\n") == text.count("\n")


def test_the_banner_warns_on_every_page_until_nothing_is_due(  # noqa: PLR0917
    browse: Browse, session: Session, cast: Cast, now: datetime, debt: Debt, notice: SuspensionNotice
) -> None:
    speak(cast.wang_fang, "en")
    warned = browse.sign_in(cast.wang_fang).get("/subscriptions")
    record_payment(session, debt.invoice, amount=Money(16500), on=now.date(), reference="", by=cast.tom, now=now)
    session.commit()

    calm = browse.get("/subscriptions")

    assert (
        "“Office 365 商业高级版” will be suspended on Dec 4, 2026 (in 10 days): an invoice is overdue." in warned.text
    )
    assert warned.all("a", href=f"/notices/{notice.public_id}")
    assert "will be suspended on" not in calm.text


def test_the_banner_of_a_member_names_no_amount(browse: Browse, cast: Cast, notice: SuspensionNotice) -> None:
    speak(cast.li_na, "en")

    text = browse.sign_in(cast.li_na).get("/subscriptions").text

    assert "will be suspended on Dec 4, 2026" in text
    assert "165.00" not in text


def suspended(session: Session, cast: Cast, debt: Debt, now: datetime) -> SuspensionNotice:
    session.execute(sa.update(Delivery).values(state=DeliveryState.ACCEPTED))
    later = now + timedelta(days=10)
    notice = issue_notice(session, debt.subscription, stage=StageKind.SUSPENSION, policy=debt.policy, now=later)
    suspend_subscription(session, notice, by=cast.mei, now=later)
    session.commit()
    return notice


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "ja"])
def test_a_suspended_subscription_shows_the_clock_that_runs(  # noqa: PLR0917
    browse: Browse, session: Session, cast: Cast, now: datetime, debt: Debt, notice: SuspensionNotice, locale: str
) -> None:
    row = suspended(session, cast, debt, now)
    speak(cast.wang_fang, locale)

    with time_machine.travel(now + timedelta(days=13), tick=False):
        page = browse.sign_in(cast.wang_fang).get(f"/notices/{row.public_id}")
        listed = browse.get("/notices")
        banner = browse.get("/subscriptions")

    assert "57" in page.text
    assert page.all("th", class_="works-now")
    assert listed.all("a", href=f"/notices/{row.public_id}")
    assert banner.all("aside", class_="urgent")


def test_a_suspended_subscription_that_is_paid_waits_for_its_reactivation(  # noqa: PLR0917
    browse: Browse, session: Session, cast: Cast, now: datetime, debt: Debt, notice: SuspensionNotice
) -> None:
    row = suspended(session, cast, debt, now)
    record_payment(session, debt.invoice, amount=Money(16500), on=now.date(), reference="", by=cast.tom, now=now)
    session.commit()
    speak(cast.wang_fang, "en")

    page = browse.sign_in(cast.wang_fang).get(f"/notices/{row.public_id}")

    assert "Your payment is booked." in page.text
    assert "We are having the subscription reactivated." in browse.get("/subscriptions").text


def test_a_wholly_disputed_notice_rests(  # noqa: PLR0917
    browse: Browse, session: Session, cast: Cast, now: datetime, debt: Debt, notice: SuspensionNotice
) -> None:
    open_dispute(session, debt.invoice.lines[0], amount=None, reason="", by=cast.wang_fang, now=now)
    session.commit()
    speak(cast.wang_fang, "en")

    page = browse.sign_in(cast.wang_fang).get(f"/notices/{notice.public_id}")

    assert "nothing is overdue now" in page.text
    assert not page.all("aside", class_="urgent")


def test_the_pages_take_a_constant_number_of_statements(  # noqa: PLR0917
    client: FlaskClient, browse: Browse, session: Session, cast: Cast, now: datetime, notice: SuspensionNotice
) -> None:
    for _ in range(4):
        other = add_debt(session, cast, now=now)
        issue_up_to(session, other, StageKind.FINAL_NOTICE, now=now)
    session.commit()
    session.expunge_all()
    browse.sign_in(cast.wang_fang)
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    counted = {}
    event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        for path in ("/notices", f"/notices/{notice.public_id}", "/policy"):
            statements.clear()
            client.get(path)
            counted[path] = len([text for text in statements if text.startswith("SELECT")])
    finally:
        event.remove(sa.Engine, "before_cursor_execute", note)

    assert counted["/notices"] <= 8
    assert counted[f"/notices/{notice.public_id}"] <= 13
    assert counted["/policy"] <= 14


def test_odd_page_keys_are_harmless(browse: Browse, cast: Cast, notice: SuspensionNotice) -> None:
    browse.sign_in(cast.wang_fang)
    for path in ("/notices?before=zzz", "/notices?before=2_1", "/notices?before=0_99999999999999999999"):
        assert browse.get(path).all("a", href=f"/notices/{notice.public_id}")


def test_the_next_page_begins_after_the_last_row(
    session: Session, cast: Cast, debt: Debt, notice: SuspensionNotice
) -> None:
    first = notices_page(session, cast.wang_fang, size=2)
    second = notices_page(session, cast.wang_fang, before=first.next_key, size=2)

    shown = [row.stage for page in (first, second) for row, _ in page.rows]
    assert shown == [StageKind.FINAL_NOTICE, StageKind.SECOND_REMINDER, StageKind.REMINDER]
    assert second.next_key is None


def test_no_notices_is_good_news(browse: Browse, cast: Cast) -> None:
    speak(cast.sato, "en")

    assert "Nothing of yours is overdue." in browse.sign_in(cast.sato).get("/notices").text


def test_before_the_first_policy_the_page_says_so(browse: Browse, cast: Cast) -> None:
    page = browse.get("/policy", headers={"Accept-Language": "en"})

    assert "No policy is in force yet" in page.text


@pytest.mark.parametrize(("language", "words"), [("en", "Day 30"), ("zh-CN", "30"), ("ja", "30")])
def test_anyone_reads_the_policy_in_their_language(
    browse: Browse, policy: CollectionsPolicy, language: str, words: str
) -> None:
    page = browse.get("/policy", headers={"Accept-Language": language})

    assert words in page.text
    assert not page.all("form", action="/policy/1/accept")


def test_a_billing_contact_accepts(browse: Browse, cast: Cast, policy: CollectionsPolicy) -> None:
    speak(cast.wang_fang, "en")
    before = browse.sign_in(cast.wang_fang).get("/policy")

    after = browse.post("/policy/1/accept")

    assert before.all("form", action="/policy/1/accept")
    assert not after.all("form", action="/policy/1/accept")
    assert "Accepted for your organisation by 王芳" in after.text


def test_what_changed_since_one_accepted_is_shown(
    browse: Browse, session: Session, cast: Cast, now: datetime, policy: CollectionsPolicy
) -> None:
    speak(cast.wang_fang, "en")
    accept_policy(session, policy, by=cast.wang_fang, locale="en", now=now)
    published(session, effective_from=date(2026, 11, 1), now=now, days=DEFAULT_DAYS | {StageKind.REMINDER: 5})
    session.commit()

    page = browse.sign_in(cast.wang_fang).get("/policy")

    assert "What changed since you accepted version 1" in page.text
    assert (len(page.all("ins")), len(page.all("del"))) == (2, 2)


def test_an_announced_version_can_be_read_and_an_earlier_one_says_there_is_a_newer(
    browse: Browse, session: Session, cast: Cast, now: datetime, policy: CollectionsPolicy
) -> None:
    published(session, effective_from=now.date() + timedelta(days=30), now=now)
    session.commit()
    english = {"Accept-Language": "en"}

    assert "This version takes effect on Dec 24, 2026" in browse.get("/policy/2", headers=english).text
    assert "A new version takes effect on Dec 24, 2026." in browse.get("/policy", headers=english).text


def test_an_old_version_is_not_accepted_any_more(
    browse: Browse, session: Session, cast: Cast, now: datetime, policy: CollectionsPolicy
) -> None:
    speak(cast.wang_fang, "en")
    published(session, effective_from=date(2026, 2, 1), now=now)
    session.commit()

    page = browse.sign_in(cast.wang_fang).post("/policy/1/accept")

    assert "A newer version of the policy is out." in page.text


@pytest.mark.parametrize("path", ["/policy/99", "/policy/99999999999999999999"])
def test_an_unknown_version_does_not_exist(browse: Browse, path: str) -> None:
    browse.get(path, status=404)


def test_only_billing_contacts_accept(
    client: FlaskClient, browse: Browse, cast: Cast, policy: CollectionsPolicy
) -> None:
    answers = []
    for person in (cast.li_na, cast.tom):
        browse.sign_in(person)
        answers.append(client.post("/policy/1/accept").status_code)

    assert answers == [403, 403]
