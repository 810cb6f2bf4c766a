"""“What is this?”, worked out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.billing.explanation import Explanation, explain_line, plain
from helpdesk.billing.labels import CHARGE_NAMES, CHARGE_WORDS
from helpdesk.billing.models import ChargeType, InvoiceLine
from helpdesk.billing.rules.recompute import METHODS
from helpdesk.money import Money
from tests.cast import Cast
from tests.unit.billing.making import add_invoice, add_subscription, make_line


@pytest.fixture(autouse=True)
def _in_english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


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


def test_too_little_is_said_too(session: Session, cast: Cast, now: datetime) -> None:
    explanation = explained(session, cast, now, make_line(amount=16499))

    assert explanation.difference == Money(-1)
    assert explanation.verdict.endswith("CN¥0.01 less.")


def test_discount_and_tax_lead_to_the_total(session: Session, cast: Cast, now: datetime) -> None:
    explanation = explained(session, cast, now, make_line(discount=500, tax=960))

    assert [step.result for step in explanation.steps] == ["CN¥165.00", "-CN¥5.00", "CN¥9.60", "CN¥169.60"]


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
    from decimal import Decimal

    assert plain(Decimal(price)) == text
