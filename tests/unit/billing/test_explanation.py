"""“What is this?”, worked out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from helpdesk.billing.explanation import Explanation, explain_line, plain
from helpdesk.billing.labels import CHARGE_NAMES, CHARGE_WORDS
from helpdesk.billing.models import ChargeType, Invoice, InvoiceLine, ReconciliationRow
from helpdesk.billing.rules.cycles import Period
from helpdesk.billing.rules.pricing import PriceRules, line_values
from helpdesk.billing.rules.recompute import METHODS, Method, recompute
from helpdesk.money import Money
from tests.cast import Cast
from tests.unit.billing.making import add_invoice, add_subscription, make_line


@pytest.fixture(autouse=True)
def _in_english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


_BY_SEATS = {Method.FULL, Method.PRORATED, Method.REFUND}


def explained(session: Session, cast: Cast, now: datetime, line: InvoiceLine) -> Explanation:
    line.subscription = add_subscription(session, cast.lanting)
    add_invoice(session, cast.lanting, now=now, lines=[line])
    return explain_line(line)


def test_every_charge_type_has_words_and_a_method() -> None:
    assert set(CHARGE_NAMES) == set(CHARGE_WORDS) == set(METHODS) == set(ChargeType)


@pytest.mark.parametrize("kind", ChargeType)
def test_every_charge_type_is_explained(session: Session, cast: Cast, now: datetime, kind: ChargeType) -> None:
    explanation = explained(session, cast, now, make_line(kind=kind))

    assert explanation.words
    assert explanation.steps[-1].result == "CN¥165.00"


def test_a_prorated_line_shows_its_days(session: Session, cast: Cast, now: datetime) -> None:
    line = make_line(
        kind=ChargeType.CYCLE_INSTANCE_PRORATE, seats=12, amount=4684, period=(date(2026, 7, 20), date(2026, 7, 30))
    )

    explanation = explained(session, cast, now, line)

    first = explanation.steps[0]
    assert first.words == "12 seats on 11 of the 31 days from Jul 15, 2026 to Aug 14, 2026"
    assert (first.formula, first.result) == ("12 × 11.00 ÷ 31 × 11", "CN¥46.84")
    assert not explanation.differs
    assert explanation.verdict == "We worked it out again and come to the same amount."


def test_a_reversed_prepaid_fee_is_a_refund(session: Session, cast: Cast, now: datetime) -> None:
    explanation = explained(session, cast, now, make_line(kind=ChargeType.CANCEL_INSTANCE_PRORATE, amount=-16500))

    assert explanation.recomputed == Money(-16500)
    assert explanation.steps[0].formula == "−(15 × 11.00 ÷ 31 × 31)"
    assert not explanation.differs


def test_a_wrong_charge_is_said_to_differ_and_by_how_much(session: Session, cast: Cast, now: datetime) -> None:
    explanation = explained(session, cast, now, make_line(amount=19800))

    assert explanation.difference == Money(3300)
    assert explanation.verdict == "We come to CN¥165.00, and CN¥198.00 was charged: CN¥33.00 more."
    assert [step.result for step in explanation.steps] == ["CN¥165.00", "CN¥33.00", "CN¥198.00"]


def test_too_little_is_said_too(session: Session, cast: Cast, now: datetime) -> None:
    explanation = explained(session, cast, now, make_line(amount=16499))

    assert explanation.difference == Money(-1)
    assert explanation.verdict.endswith("CN¥0.01 less.")


def test_discount_and_tax_lead_to_the_total(session: Session, cast: Cast, now: datetime) -> None:
    explanation = explained(session, cast, now, make_line(discount=500, tax=960))

    assert [step.result for step in explanation.steps] == ["CN¥165.00", "-CN¥5.00", "CN¥9.60", "CN¥169.60"]


@given(
    cents=st.integers(1, 100_000),
    seats=st.integers(1, 500),
    days=st.integers(1, 31),
    markup=st.decimals(-50, 100, places=2),
    kind=st.sampled_from([kind for kind, method in METHODS.items() if method in _BY_SEATS]),
)
def test_a_right_charge_does_not_differ_whatever_our_markup_makes_of_it(  # noqa: PLR0917 - drawn values
    app: Flask, cents: int, seats: int, days: int, markup: Decimal, kind: ChargeType
) -> None:
    period = Period(date(2026, 7, 15), date(2026, 7, 14) + timedelta(days=days))
    price = Decimal(cents).scaleb(-2)
    right = recompute(kind, seats=seats, unit_price=price, period=period, anchor=15)
    assert right is not None
    row = ReconciliationRow(
        offer_id="o",
        offer_name="Office",
        charge_type=kind.value,
        charge_start=period.start,
        charge_end=period.end,
        quantity=seats,
        unit_price=price,
        amount_minor=right.amount.minor,
        discount_minor=0,
        tax_minor=0,
        currency="CNY",
        raw={},
    )
    line = InvoiceLine(**line_values(row, PriceRules(markup=markup), anchor=15))
    line.invoice = Invoice(currency="CNY")

    with app.test_request_context("/"):
        explanation = explain_line(line)

    assert not explanation.differs


def test_a_cent_that_the_markup_rounds_away_is_a_step_of_the_reckoning(
    session: Session, cast: Cast, now: datetime
) -> None:
    line = make_line(
        kind=ChargeType.CYCLE_INSTANCE_PRORATE,
        seats=10,
        price="12.227",
        amount=4338,
        period=(date(2026, 7, 15), date(2026, 7, 25)),
    )
    line.reckoned_minor = 4338

    explanation = explained(session, cast, now, line)

    assert [step.result for step in explanation.steps] == ["CN¥43.39", "-CN¥0.01", "CN¥43.38"]
    assert not explanation.differs


def test_what_the_file_does_not_say_is_not_guessed(session: Session, cast: Cast, now: datetime) -> None:
    over_two_months = make_line(
        kind=ChargeType.PRORATE_PURCHASE, period=(date(2026, 7, 1), date(2026, 8, 31)), amount=100
    )

    explanation = explained(session, cast, now, over_two_months)

    assert explanation.recomputed is None
    assert not explanation.differs


@pytest.mark.parametrize(
    ("price", "text"), [("11", "11.00"), ("11.5", "11.50"), ("0.123400", "0.1234"), ("1E+2", "100.00")]
)
def test_a_price_is_written_with_all_its_places(price: str, text: str) -> None:
    assert plain(Decimal(price)) == text
