"""A month of daily usage becomes one line a meter, and every charge in it can be found again."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.billing.explanation import explain_line
from helpdesk.billing.models import Invoice, InvoiceLine, InvoiceStatus, ReconciliationRow
from helpdesk.billing.queries.invoices import charges_page
from helpdesk.billing.queries.reconcile import reconciled, unbilled
from helpdesk.billing.rules.pricing import PriceRules, RowsBilledBefore, gathered, gathered_values, line_values
from helpdesk.billing.rules.recompute import recompute_usage
from helpdesk.billing.services import import_reconciliation, invoice_from_rows, void_invoice
from helpdesk.billing.services.reconciliation import ImportOptions
from helpdesk.money import Money
from tests.cast import Cast
from tests.unit.billing.making import ROW, csv_file, usage_text

CENT = Decimal("0.01")
JULY = (date(2026, 7, 1), date(2026, 7, 31))


def usage_of(day: int, *, used: str = "7.77", price: str = "0.5012", **more: str) -> dict[str, str]:
    pretax = str((Decimal(used) * Decimal(price)).quantize(CENT, rounding=ROUND_HALF_UP))
    amounts = {"ConsumedQuantity": used, "OverageQuantity": used, "PretaxCharges": pretax, "PostTaxTotal": pretax}
    return {"UsageDate": f"7/{day}/2026", "ListPrice": price} | amounts | more


def month(**more: str) -> list[dict[str, str]]:
    return [usage_of(day, **more) for day in range(1, 32)]


def imported(session: Session, now: datetime, rows: Sequence[dict[str, str]]) -> list[ReconciliationRow]:
    stream = io.BytesIO(usage_text(rows).encode())
    import_reconciliation(session, stream, name="usage.csv", now=now, options=ImportOptions(kind="usage"))
    return list(session.scalars(select(ReconciliationRow).order_by(ReconciliationRow.id)))


def bill(session: Session, cast: Cast, rows: Sequence[ReconciliationRow], now: datetime, percent: int = 0) -> Invoice:
    return invoice_from_rows(
        session,
        cast.lanting,
        rows,
        number=f"INV-G-{len(rows)}-{percent}",
        issued_on=date(2026, 8, 2),
        due_on=date(2026, 9, 1),
        now=now,
        prices=PriceRules(markup=Decimal(percent)),
    )


def test_a_month_of_daily_usage_is_one_line_a_meter_and_price(session: Session, cast: Cast, now: datetime) -> None:
    other_meter = {"ResourceGuid": "9a1c2b3d-0000-4000-8000-000000000002", "ResourceName": "Disks"}
    rows = imported(session, now, [*month(), *month(**other_meter), usage_of(31, price="0.6")])

    lines = bill(session, cast, rows, now).lines

    assert [(line.charges, line.used) for line in lines] == [
        (31, Decimal("240.87")),
        (31, Decimal("240.87")),
        (1, Decimal("7.77")),
    ]
    assert (lines[0].charge_start, lines[0].charge_end) == JULY
    assert sum(line.total_minor for line in lines) == sum(row.total_minor for row in rows)


def test_license_charges_stay_a_line_each(session: Session, cast: Cast, now: datetime) -> None:
    import_reconciliation(session, csv_file([ROW, ROW | {"Quantity": "15", "OrderId": "ORD-2"}]), name="l.csv", now=now)
    rows = session.scalars(select(ReconciliationRow)).all()

    assert [line.charges for line in bill(session, cast, rows, now).lines] == [1, 1]


def test_each_charge_in_a_line_can_be_found_with_what_it_costs_the_customer(
    session: Session, cast: Cast, now: datetime
) -> None:
    line = bill(session, cast, imported(session, now, month()), now, percent=10).lines[0]

    first, second = (charges_page(session, line, page=page, size=20) for page in (1, 2))

    found = [*first.rows, *second.rows]
    assert (len(first.rows), first.has_more, second.has_more) == (20, True, False)
    assert [charge.row.charge_start.day for charge in found] == list(range(1, 32))
    assert {charge.total for charge in found} == {Money(428)}  # 3.89 and a tenth, rounded half up
    assert sum(charge.total_minor for charge in found) == line.total_minor


def test_charges_in_a_line_are_billed_once_and_free_again_when_it_is_void(
    session: Session, cast: Cast, now: datetime
) -> None:
    rows = imported(session, now, month())
    invoice = bill(session, cast, rows, now)

    with pytest.raises(RowsBilledBefore):
        bill(session, cast, rows[1:2], now)
    assert unbilled(session, start=JULY[0], end=JULY[1]).customers == []
    assert [each.unbilled for each in reconciled(session, start=JULY[0], end=JULY[1])] == [Money(0)]

    void_invoice(session, invoice, by=cast.mei, now=now)
    assert len(unbilled(session, start=JULY[0], end=JULY[1]).customers[0].rows) == 31
    assert bill(session, cast, rows, now, percent=1).status is InvoiceStatus.ISSUED


def test_the_explanation_adds_up_and_says_what_rounding_each_charge_makes(
    app: Flask, session: Session, cast: Cast, now: datetime
) -> None:
    line = bill(session, cast, imported(session, now, month()), now).lines[0]

    with app.test_request_context("/"):
        explained = explain_line(line)

    assert [(step.formula, step.result) for step in explained.steps] == [
        ("240.87 × 0.5012", "CN¥120.72"),
        ("", "-CN¥0.13"),
        ("", "CN¥120.59"),
    ]
    assert not explained.differs


def test_three_hundred_charges_hide_no_cent(app: Flask, session: Session, cast: Cast, now: datetime) -> None:
    dearer = {"PretaxCharges": "3.91", "PostTaxTotal": "3.91"}  # 2 fen too much, each
    rows = [usage_of(1 + place % 31, OrderId=f"ORD-{place}", **dearer) for place in range(300)]
    line = bill(session, cast, imported(session, now, rows), now).lines[0]

    with app.test_request_context("/"):
        explained = explain_line(line)

    assert line.charges == 300
    assert explained.difference == Money(600)
    assert explained.differs


def test_a_price_of_ten_places_is_reckoned_with_all_of_them(
    app: Flask, session: Session, cast: Cast, now: datetime
) -> None:
    price = {"ListPrice": "0.0000036312"}
    rows = [usage_of(day, used="1000000", PretaxCharges="3.63", PostTaxTotal="3.63", **price) for day in (1, 2)]
    line = bill(session, cast, imported(session, now, rows), now).lines[0]

    with app.test_request_context("/"):
        explained = explain_line(line)

    assert (line.unit_price, explained.charged) == (Decimal("0.000004"), Money(726))
    assert not explained.differs


def metered(used: Decimal, price: Decimal, *, wrong_by: int = 0) -> ReconciliationRow:
    """A charge of one day, by so many fen other than quantity times price."""
    return ReconciliationRow(
        vnet_subscription_id="V",
        offer_id="meter",
        offer_name="Compute",
        charge_type="Assess usage fee for current cycle",
        charge_start=date(2026, 7, 1),
        charge_end=date(2026, 7, 1),
        quantity=0,
        unit_price=price,
        consumed=used,
        included=Decimal(0),
        amount_minor=Money.of(used * price).minor + wrong_by,
        discount_minor=0,
        tax_minor=0,
        currency="CNY",
        raw={},
    )


_USED = st.integers(0, 10_000_000).map(lambda number: Decimal(number).scaleb(-4))
_PRICE = st.integers(1, 50_000_000).map(lambda number: Decimal(number).scaleb(-6))


@given(charges=st.lists(st.tuples(_USED, st.integers(-3, 3)), min_size=1, max_size=80), price=_PRICE)
def test_what_a_line_differs_by_is_the_sum_of_what_its_charges_differ_by(
    charges: list[tuple[Decimal, int]], price: Decimal
) -> None:
    rows = [metered(used, price, wrong_by=fen) for used, fen in charges]

    line = gathered_values([line_values(row, PriceRules()) for row in rows])

    assert line["amount_minor"] - line["reckoned_minor"] == sum(fen for _used, fen in charges)


@given(
    days=st.lists(_USED, min_size=1, max_size=40),
    price=_PRICE,
    percent=st.integers(min_value=-50, max_value=25),
)
def test_a_gathered_line_is_the_sum_of_its_charges_and_never_differs(
    days: list[Decimal], price: Decimal, percent: int
) -> None:
    rows = [metered(used, price) for used in days]
    prices = PriceRules(markup=Decimal(percent))

    charges = [line_values(row, prices) for row in rows]
    line = gathered_values(charges)

    assert gathered(rows) == [rows]
    assert line["total_minor"] == sum(charge["total_minor"] for charge in charges)
    again = recompute_usage(
        used=line["used"],
        unit_price=line["unit_price"],
        reckoned=Money(line["reckoned_minor"]),
    )
    assert again.amount == Money(line["amount_minor"])


def test_every_line_keeps_its_invoice(session: Session, cast: Cast, now: datetime) -> None:
    invoice = bill(session, cast, imported(session, now, month()), now)

    session.expire_all()
    line = session.scalars(select(InvoiceLine)).one()
    assert (line.invoice, len(line.gathered)) == (invoice, 31)
