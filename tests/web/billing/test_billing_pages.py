"""The pages of billing, as a customer and as the partner's people see them."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from helpdesk.billing.models import (
    ChargeType,
    DisputeState,
    Invoice,
    InvoiceStatus,
    ReconciliationRow,
    SubscriptionState,
)
from helpdesk.billing.rules.disputes import DisputeTooLarge
from helpdesk.billing.services import (
    close_dispute,
    import_reconciliation,
    invoice_from_rows,
    open_dispute,
    record_payment,
)
from helpdesk.billing.services.reconciliation import ImportOptions
from helpdesk.billing.views.downloads import safe_cell
from helpdesk.money import Money
from helpdesk.web.errors import sentence_of
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.billing.making import add_invoice, add_subscription, make_line, usage_text


@pytest.fixture
def invoice(session: Session, cast: Cast, now: datetime) -> Invoice:
    subscription = add_subscription(session, cast.lanting)
    lines = [
        make_line(subscription=subscription, tax=990),
        make_line(
            subscription=subscription,
            kind=ChargeType.CYCLE_INSTANCE_PRORATE,
            seats=12,
            amount=4684,
            period=(date(2026, 7, 20), date(2026, 7, 30)),
            position=2,
        ),
        make_line(kind=ChargeType.OFFSET, amount=-1000, position=3),
    ]
    return add_invoice(session, cast.lanting, now=now, lines=lines, number="INV-2026-0042")


def test_the_list_shows_state_amounts_and_the_way_in(browse: Browse, cast: Cast, invoice: Invoice) -> None:
    page = browse.sign_in(cast.wang_fang).get("/invoices", headers={"Accept-Language": "en"})

    assert page.all("a", href="/invoices/INV-2026-0042")
    assert "¥211.74" in page.text


def test_an_empty_list_teaches(browse: Browse, cast: Cast) -> None:
    page = browse.sign_in(cast.sato).get("/invoices")

    assert page.all("a", href="/ja/articles/")


def test_an_invoice_shows_lines_explanations_and_what_to_do(browse: Browse, cast: Cast, invoice: Invoice) -> None:
    page = browse.sign_in(cast.wang_fang).get("/invoices/INV-2026-0042")

    assert "12 × 11.00 ÷ 31 × 11" in page.text
    assert page.all("a", href=f"/tickets/new?topic=dispute&line={invoice.lines[0].public_id}")
    assert not page.all("a", href=f"/tickets/new?topic=dispute&line={invoice.lines[2].public_id}")
    assert page.all("a", href="/invoices/INV-2026-0042/proof")


def test_an_open_dispute_shows_on_the_line_and_leaves_what_is_to_pay(
    browse: Browse, session: Session, cast: Cast, now: datetime, invoice: Invoice
) -> None:
    open_dispute(session, invoice.lines[0], amount=Money(3300), reason="", by=cast.wang_fang, now=now)
    session.commit()

    page = browse.sign_in(cast.wang_fang).get("/invoices/INV-2026-0042")

    assert "¥33.00" in page.text
    assert "¥178.74" in page.text
    assert not page.all("a", href=f"/tickets/new?topic=dispute&line={invoice.lines[0].public_id}")


def test_a_line_has_a_page_of_its_own(browse: Browse, cast: Cast, invoice: Invoice) -> None:
    page = browse.sign_in(cast.wang_fang).get(f"/invoices/lines/{invoice.lines[1].public_id}")

    assert "12 × 11.00 ÷ 31 × 11" in page.text


def test_the_partners_people_read_the_same_page_and_cannot_dispute(
    browse: Browse, cast: Cast, invoice: Invoice
) -> None:
    page = browse.sign_in(cast.tom).get("/invoices/INV-2026-0042")

    assert "What is this?" in page.text
    assert "Dispute this line" not in page.text
    assert "兰亭设计有限公司" in page.text


@pytest.mark.parametrize(
    ("person", "status"),
    [("wang_fang", 200), ("tom", 200), ("mei", 200), ("root", 200), ("sato", 404), ("li_na", 403), ("emma", 403)],
)
def test_who_may_open_an_invoice(  # noqa: PLR0917 - fixtures
    client: FlaskClient, browse: Browse, cast: Cast, invoice: Invoice, person: str, status: int
) -> None:
    browse.sign_in(getattr(cast, person))

    paths = [
        "/invoices/INV-2026-0042",
        "/invoices/INV-2026-0042/lines.csv",
        f"/invoices/lines/{invoice.lines[0].public_id}",
    ]

    assert [client.get(path).status_code for path in paths] == [status] * 3


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient, invoice: Invoice) -> None:
    assert client.get("/invoices/INV-2026-0042").status_code == 302


def test_a_draft_does_not_exist_for_the_customer(browse: Browse, session: Session, cast: Cast, now: datetime) -> None:
    add_invoice(session, cast.lanting, now=now, number="INV-DRAFT", status=InvoiceStatus.DRAFT)
    session.commit()

    browse.sign_in(cast.wang_fang).get("/invoices/INV-DRAFT", status=404)
    browse.sign_in(cast.tom).get("/invoices/INV-DRAFT")


def test_the_csv_file_adds_up_and_cannot_act(
    client: FlaskClient, browse: Browse, session: Session, cast: Cast, invoice: Invoice
) -> None:
    invoice.lines[0].description = '=HYPERLINK("http://evil.example")'
    session.commit()
    browse.sign_in(cast.tom)

    text = client.get("/invoices/INV-2026-0042/lines.csv").get_data(as_text=True)

    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0]["Product"] == '\'=HYPERLINK("http://evil.example")'
    assert [row["Total"] for row in rows] == ["174.90", "46.84", "-10.00"]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_marked(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"


def test_payments_and_disputes_are_the_history_of_the_invoice(
    browse: Browse, session: Session, cast: Cast, now: datetime, invoice: Invoice
) -> None:
    record_payment(
        session, invoice, amount=Money(1000), on=date(2026, 10, 1), reference="ICBC 2210", by=cast.tom, now=now
    )
    session.commit()

    assert "ICBC 2210" in browse.sign_in(cast.wang_fang).get("/invoices/INV-2026-0042").text


def test_subscriptions_say_what_a_suspension_would_change(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    subscription = add_subscription(session, cast.sakura, seats=7)
    subscription.state = SubscriptionState.SUSPENDED
    subscription.suspended_at = now
    session.commit()

    assert "60" in browse.sign_in(cast.sato).get("/subscriptions").text
    assert "さくら商事株式会社" in browse.sign_in(cast.tom).get("/subscriptions").text
    assert subscription.portal_subscription_id not in browse.sign_in(cast.li_na).get("/subscriptions").text


def test_odd_page_keys_are_harmless(browse: Browse, cast: Cast) -> None:
    browse.sign_in(cast.wang_fang)
    for path in (
        "/invoices?before=zzz",
        "/invoices?customer=zzz",
        "/subscriptions?after=zzz",
        "/subscriptions?after=-4",
    ):
        browse.get(path)


@pytest.mark.parametrize("count", [1, 12])
def test_the_pages_take_a_constant_number_of_statements(  # noqa: PLR0917 - fixtures
    client: FlaskClient, browse: Browse, session: Session, cast: Cast, now: datetime, count: int
) -> None:
    subscription = add_subscription(session, cast.sakura)
    for number in range(count):
        lines = [make_line(subscription=subscription, position=position) for position in range(1, count + 1)]
        add_invoice(session, cast.sakura, now=now, number=f"INV-N{number}", lines=lines)
    session.commit()
    session.expunge_all()
    browse.sign_in(cast.sato)
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        client.get("/invoices")
        in_list = len([text for text in statements if text.startswith("SELECT")])
        client.get("/invoices/INV-N0")
    finally:
        event.remove(sa.Engine, "before_cursor_execute", note)

    assert in_list <= 6
    assert len([text for text in statements if text.startswith("SELECT")]) - in_list <= 12


def test_the_history_says_why_a_line_was_disputed_and_what_of_it_was_credited(
    browse: Browse, session: Session, cast: Cast, invoice: Invoice, now: datetime
) -> None:
    line = invoice.lines[0]
    dispute = open_dispute(session, line, amount=Money(8000), reason="10 seats, not 15", by=cast.wang_fang, now=now)
    close_dispute(session, dispute, outcome=DisputeState.GRANTED, credit=Money(3000), by=cast.tom, now=now)
    session.commit()

    for reader in (cast.wang_fang, cast.tom):
        page = browse.sign_in(reader).get(f"/invoices/{invoice.number}")
        assert "10 seats, not 15" in page.text
        assert "¥80.00" in page.text
        assert "¥30.00" in page.text
        assert {"href": f"/invoices/lines/{line.public_id}"} in page.all("a")


def test_a_refusal_writes_amounts_as_the_pages_do(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "ja"}):
        assert "元1,000.50" in sentence_of(DisputeTooLarge(largest=Money(100050)))


def test_an_invoice_of_many_lines_comes_in_pages_with_whole_subtotals(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    subscription = add_subscription(session, cast.lanting)
    lines = [make_line(subscription=subscription, amount=100, position=position) for position in range(1, 151)]
    invoice = add_invoice(session, cast.lanting, now=now, number="INV-MANY", lines=lines)
    open_dispute(session, lines[120], amount=Money(100), reason="Not ours.", by=cast.wang_fang, now=now)
    session.commit()

    first = browse.sign_in(cast.tom).get(f"/invoices/{invoice.number}")
    second = browse.get(f"/invoices/{invoice.number}?lines=2")

    assert len(first.all("li", class_="charge")) == 100
    assert len(second.all("li", class_="charge")) == 50
    assert "¥150.00" in first.text
    assert "¥150.00" in second.text
    assert "In dispute: " not in first.text
    assert "In dispute: " in second.text
    assert "opened by" in first.text
    for odd in ("0", "-1", "x", "99999999999999999999"):
        assert len(browse.get(f"/invoices/{invoice.number}?lines={odd}").all("li", class_="charge")) == 100

    of_line = browse.get(f"/invoices/lines/{lines[120].public_id}?lines=2")
    assert {"href": f"/invoices/lines/{lines[120].public_id}?lines=2"} in second.all("a")
    assert {"href": f"/invoices/INV-MANY?lines=2#line-{lines[120].public_id}"} in of_line.all("a")


def test_a_line_of_gathered_usage_shows_its_charges_page_by_page(
    client: FlaskClient, browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    days = [{"UsageDate": f"7/{day}/2026", "OrderId": f"O-{part}"} for day in range(1, 32) for part in range(4)]
    stream = io.BytesIO(usage_text(days).encode())
    import_reconciliation(session, stream, name="u.csv", now=now, options=ImportOptions(kind="usage"))
    rows = session.scalars(select(ReconciliationRow)).all()
    invoice = invoice_from_rows(
        session,
        cast.lanting,
        rows,
        number="INV-USED",
        issued_on=date(2026, 8, 2),
        due_on=date(2026, 9, 1),
        now=now,
    )
    line = invoice.lines[0]
    session.commit()

    page = browse.sign_in(cast.tom).get("/invoices/INV-USED")
    first = browse.get(f"/invoices/lines/{line.public_id}")
    second = browse.get(f"/invoices/lines/{line.public_id}?charges=2")

    assert "Virtual Machines: Compute Hours" in page.text
    assert "124 charges added up" in page.text
    text = client.get("/invoices/INV-USED/lines.csv").get_data(as_text=True).removeprefix("\ufeff")
    sheet = list(csv.DictReader(io.StringIO(text)))
    assert [(row["Seats"], row["Quantity used"]) for row in sheet] == [("", "92318.0")]
    assert first.text.count("744.50") > second.text.count("744.50") >= 24
    assert "Jul 1, 2026" in first.text
    assert "Jul 31, 2026" in second.text


def test_the_lists_of_invoices_and_subscriptions_are_files_too(  # noqa: PLR0917 - fixtures
    client: FlaskClient, browse: Browse, session: Session, cast: Cast, now: datetime, invoice: Invoice
) -> None:
    theirs = add_subscription(session, cast.sakura, seats=7)
    theirs.offer_name = "=HYPERLINK(1)"
    add_invoice(session, cast.sakura, now=now, number="INV-S")
    session.commit()

    page = browse.sign_in(cast.sato).get("/invoices")
    assert page.all("a", href="/invoices.csv")
    assert "印刷" in page.text
    invoices = client.get("/invoices.csv").get_data(as_text=True)
    subscriptions = client.get("/subscriptions.csv").get_data(as_text=True)

    assert "INV-S" in invoices
    assert ",165.00,0.00,0.00,165.00,CNY" in invoices
    assert invoice.number not in invoices
    assert "'=HYPERLINK(1)" in subscriptions
    assert len(list(csv.reader(io.StringIO(subscriptions)))) == 2
    browse.sign_in(cast.tom).get("/invoices")
    every = client.get("/invoices.csv").get_data(as_text=True)
    assert invoice.number in every
    assert "INV-S" in every


def test_a_list_that_is_read_in_steps_leaves_nothing_out(  # noqa: PLR0917 - fixtures
    client: FlaskClient, browse: Browse, session: Session, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.billing.views.lists._STEP", 2)
    for number in range(5):
        add_invoice(session, cast.sakura, now=now, number=f"INV-S{number}")
        add_subscription(session, cast.sakura, seats=7)
    session.commit()
    browse.sign_in(cast.sato).get("/invoices")

    for address in ("/invoices.csv", "/subscriptions.csv"):
        titles, *rows = csv.reader(io.StringIO(client.get(address).get_data(as_text=True)))
        assert len(titles) == len(rows[0])
        assert len({tuple(row) for row in rows}) == 5
