"""Invoices to customers, made from what 21Vianet charged."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer
from helpdesk.billing.commands import billing
from helpdesk.billing.models import Invoice, InvoiceStatus, ReconciliationRow, Subscription
from helpdesk.billing.queries import balance_of
from helpdesk.billing.queries.reconcile import unbilled
from helpdesk.billing.reconciliation.errors import RowsRefused
from helpdesk.billing.rules import invoices as status_rules
from helpdesk.billing.rules import pricing
from helpdesk.billing.services import import_reconciliation, invoice_from_rows, void_invoice
from helpdesk.money import Money
from tests.cast import Cast
from tests.unit.billing.making import csv_file, csv_text

SAKURA = "0f3d1a52-6f0e-4c58-9d1e-2b5a7c9e1002"


def imported(session: Session, now: datetime, *rows: dict[str, str]) -> list[ReconciliationRow]:
    import_reconciliation(session, csv_file(rows), name="july.csv", now=now)
    return list(session.scalars(select(ReconciliationRow).order_by(ReconciliationRow.line_number)))


def bill(
    session: Session, customer: Customer, rows: list[ReconciliationRow], *, now: datetime, number: str = "INV-1"
) -> Invoice:
    issued_on, due_on = date(2026, 8, 15), date(2026, 9, 14)
    return invoice_from_rows(session, customer, rows, number=number, issued_on=issued_on, due_on=due_on, now=now)


@pytest.mark.parametrize(("before", "after"), list(product(InvoiceStatus, InvoiceStatus)))
def test_an_invoice_goes_from_draft_to_issued_to_void(before: InvoiceStatus, after: InvoiceStatus) -> None:
    allowed = {
        (InvoiceStatus.DRAFT, InvoiceStatus.ISSUED),
        (InvoiceStatus.DRAFT, InvoiceStatus.VOID),
        (InvoiceStatus.ISSUED, InvoiceStatus.VOID),
    }
    if (before, after) in allowed:
        status_rules.check_status(before, after)
        return
    with pytest.raises(status_rules.InvoiceCannotChange):
        status_rules.check_status(before, after)


def test_each_row_becomes_a_line_of_its_subscription(session: Session, cast: Cast, now: datetime) -> None:
    rows = imported(
        session,
        now,
        {},
        {"ChargeType": "Offset line item", "Amount": "-10", "Subtotal": "-10", "Tax": "0", "TotalForCustomer": "-10"},
    )

    invoice = bill(session, cast.lanting, rows, now=now)

    assert [line.total for line in invoice.lines] == [Money(17490), Money(-1000)]
    assert balance_of(invoice).total == Money(16490)
    assert invoice.lines[0].reconciliation_row is rows[0]
    subscription = session.scalars(select(Subscription)).one()
    assert (subscription.order_id, subscription.seats, subscription.term_start) == ("ORD-7F31", 15, date(2026, 1, 15))


def test_a_markup_is_by_offer_and_rounded_by_line(session: Session, cast: Cast, now: datetime) -> None:
    rows = imported(
        session,
        now,
        {
            "UnitPrice": "0.35",
            "Quantity": "1",
            "Amount": "0.35",
            "Subtotal": "0.35",
            "Tax": "0.05",
            "TotalForCustomer": "0.40",
        },
    )
    prices = pricing.PriceRules(markup=Decimal(50), by_offer={"MS-0B-O365BP": Decimal(10)})

    invoice = invoice_from_rows(
        session,
        cast.lanting,
        rows,
        number="INV-M",
        issued_on=date(2026, 8, 15),
        due_on=date(2026, 9, 14),
        now=now,
        prices=prices,
    )

    line = invoice.lines[0]
    assert (line.amount_minor, line.tax_minor, line.total_minor) == (39, 6, 45)
    assert line.unit_price == Decimal("0.385")


def test_a_row_is_billed_once_and_again_only_after_the_invoice_is_void(
    session: Session, cast: Cast, now: datetime
) -> None:
    rows = imported(session, now, {})
    first = bill(session, cast.lanting, rows, now=now)

    with pytest.raises(pricing.RowsBilledBefore):
        bill(session, cast.lanting, rows, now=now, number="INV-2")
    void_invoice(session, first, by=cast.tom, now=now)
    assert bill(session, cast.lanting, rows, now=now, number="INV-2").lines


def test_another_customers_rows_are_refused(session: Session, cast: Cast, now: datetime) -> None:
    rows = imported(session, now, {"CustomerId": SAKURA})

    with pytest.raises(pricing.RowsOfAnotherCustomer):
        bill(session, cast.lanting, rows, now=now)


def test_an_invoice_needs_rows_and_a_possible_due_date(session: Session, cast: Cast, now: datetime) -> None:
    with pytest.raises(pricing.NoRowsToBill):
        bill(session, cast.lanting, [], now=now)
    rows = imported(session, now, {})
    with pytest.raises(pricing.DueBeforeIssued):
        invoice_from_rows(
            session, cast.lanting, rows, number="X", issued_on=date(2026, 8, 2), due_on=date(2026, 8, 1), now=now
        )


MINOR = st.integers(-(10**9), 10**9)


@given(amount=MINOR, discount=MINOR, tax=MINOR, percent=st.decimals(-50, 500, places=2))
def test_a_marked_up_line_always_adds_up(amount: int, discount: int, tax: int, percent: Decimal) -> None:
    row = ReconciliationRow(
        offer_id="A",
        offer_name="A",
        charge_type="Cycle fee",
        charge_start=date(2026, 1, 1),
        charge_end=date(2026, 1, 31),
        unit_price=Decimal("1.5"),
        quantity=1,
        amount_minor=amount,
        discount_minor=discount,
        tax_minor=tax,
    )

    line = pricing.line_values(row, pricing.PriceRules(markup=percent))

    assert line["total_minor"] == line["amount_minor"] - line["discount_minor"] + line["tax_minor"]
    assert abs(line["amount_minor"] - amount * (1 + percent / 100)) <= Decimal("0.5")


def run(app: Flask, *arguments: str) -> tuple[int, str, str, BaseException | None]:
    with app.app_context():
        done = CliRunner().invoke(billing, arguments)
    return done.exit_code, done.stdout, done.stderr, done.exception


def test_the_command_says_in_json_what_it_did(app: Flask, session: Session, tmp_path: Path) -> None:
    file = tmp_path / "july.csv"
    file.write_text(csv_text([{}, {}]), "utf-8")

    _code, tried, _messages, _ = run(app, "import", str(file), "--dry-run")
    code, done, _messages, _ = run(app, "import", str(file))
    _code, again, message, _ = run(app, "import", str(file))

    assert json.loads(tried) == {
        "file": "july.csv",
        "rows": 2,
        "added": 2,
        "known": 0,
        "bad": 0,
        "bad_rows": [],
        "dry_run": True,
        "differences": None,
    }
    assert (code, json.loads(done)["added"]) == (0, 2)
    assert json.loads(again)["added"] == 0
    assert "imported before" in message
    assert session.scalars(select(func.count()).select_from(ReconciliationRow)).one() == 2


def test_the_command_names_every_bad_row_and_imports_nothing(app: Flask, session: Session, tmp_path: Path) -> None:
    file = tmp_path / "july.csv"
    file.write_text(csv_text([{}, {"Quantity": "ten"}]), "utf-8")

    code, done, message, error = run(app, "import", str(file))

    answer = json.loads(done)
    assert (code, answer["added"], answer["bad"]) == (1, 0, 1)
    assert answer["bad_rows"] == [{"line": 3, "column": "Quantity", "reason": "“ten” is not a number like 1,234.50."}]
    assert isinstance(error, RowsRefused)
    assert "line 3, Quantity: “ten” is not a number" in message
    assert session.scalars(select(ReconciliationRow)).all() == []


def test_the_command_takes_the_good_rows_when_told(app: Flask, session: Session, tmp_path: Path) -> None:
    file = tmp_path / "july.csv"
    file.write_text(csv_text([{}, {"Quantity": "ten"}]), "utf-8")

    code, done, _message, _ = run(app, "import", str(file), "--skip-bad")

    assert (code, json.loads(done)["added"], json.loads(done)["bad"]) == (0, 1, 1)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"PK\x03\x04\x00\x00\x00\x00", "not a text file"),
        (",".join(f"c{number}" for number in range(10_000)).encode() + b"\n1\n", "10000 columns"),
        (csv_text([{}]).splitlines()[0].encode(), "no charges"),
        (csv_text([{}, {"Currency": "USD"}]).encode(), "mixes currencies"),
    ],
)
def test_the_command_refuses_a_hopeless_file_in_a_sentence(
    app: Flask, session: Session, tmp_path: Path, content: bytes, why: str
) -> None:
    file = tmp_path / "hopeless.csv"
    file.write_bytes(content)

    code, done, _message, error = run(app, "import", str(file))

    assert (code, done) == (1, "")
    assert why in str(error)
    assert session.scalars(select(ReconciliationRow)).all() == []


def test_more_charges_than_fit_are_left_for_the_next_time_and_no_customer_is_cut(
    session: Session, cast: Cast, now: datetime
) -> None:
    other = {"CustomerId": cast.sakura.tenant_id}
    rows = [{}, {"OrderId": "2"}, other | {"OrderId": "3"}, other | {"OrderId": "4"}]
    import_reconciliation(session, csv_file(rows), name="july.csv", now=now)
    days = {"start": date(2026, 7, 1), "end": date(2026, 7, 31)}

    cut, whole, part = (unbilled(session, **days, limit=limit) for limit in (3, 4, 1))

    assert ([len(each.rows) for each in cut.customers], cut.has_more) == ([2], True)
    assert ([len(each.rows) for each in whole.customers], whole.has_more) == ([2, 2], False)
    assert [(len(each.rows), each.is_part) for each in part.customers] == [(1, True)]
