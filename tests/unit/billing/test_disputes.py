"""Disputing a line, and how the dispute ends."""

from __future__ import annotations

from datetime import date, datetime
from itertools import product

import pytest
from sqlalchemy.orm import Session

from helpdesk.billing.models import DisputeState, InvoiceStatus
from helpdesk.billing.queries import balance_of, invoice_visible, overdue_undisputed
from helpdesk.billing.rules import disputes as rules
from helpdesk.billing.services import close_dispute, open_dispute, record_payment
from helpdesk.money import CurrenciesMixed, Money
from tests.cast import Cast
from tests.unit.billing.making import add_invoice, make_line


@pytest.mark.parametrize(("before", "after"), list(product(DisputeState, DisputeState)))
def test_a_dispute_ends_once_and_never_opens_again(before: DisputeState, after: DisputeState) -> None:
    if before is DisputeState.OPEN and after is not DisputeState.OPEN:
        rules.check_close(before, after)
        return
    with pytest.raises(rules.DisputeAlreadyClosed):
        rules.check_close(before, after)


def test_an_open_dispute_takes_its_amount_out_of_what_is_overdue(session: Session, cast: Cast, now: datetime) -> None:
    invoice = add_invoice(session, cast.lanting, now=now, lines=[make_line(amount=16500), make_line(amount=115500)])

    open_dispute(session, invoice.lines[0], amount=None, reason="12, not 15", by=cast.wang_fang, now=now)

    overdue = overdue_undisputed(session, cast.lanting.id, today=date(2026, 11, 24))
    assert [(found.number, amount) for found, amount in overdue] == [(invoice.number, Money(115500))]


def test_a_wholly_disputed_invoice_is_not_overdue(session: Session, cast: Cast, now: datetime) -> None:
    invoice = add_invoice(session, cast.lanting, now=now)

    open_dispute(session, invoice.lines[0], amount=None, reason="", by=cast.wang_fang, now=now)

    assert overdue_undisputed(session, cast.lanting.id, today=date(2026, 11, 24)) == []
    assert not balance_of(invoice).is_overdue(date(2026, 11, 24))


@pytest.mark.parametrize("outcome", [DisputeState.WITHDRAWN, DisputeState.DECLINED])
def test_ending_without_a_credit_puts_the_amount_back(
    session: Session, cast: Cast, now: datetime, outcome: DisputeState
) -> None:
    invoice = add_invoice(session, cast.lanting, now=now)
    dispute = open_dispute(session, invoice.lines[0], amount=Money(3300), reason="", by=cast.wang_fang, now=now)

    close_dispute(session, dispute, outcome=outcome, by=cast.tom, now=now)

    balance = balance_of(invoice)
    assert (balance.due, balance.disputed, balance.credited) == (Money(16500), Money(0), Money(0))


def test_a_granted_dispute_is_credited(session: Session, cast: Cast, now: datetime) -> None:
    invoice = add_invoice(session, cast.lanting, now=now)
    dispute = open_dispute(session, invoice.lines[0], amount=Money(3300), reason="", by=cast.wang_fang, now=now)

    close_dispute(session, dispute, outcome=DisputeState.GRANTED, by=cast.tom, now=now)

    found = invoice_visible(session, cast.wang_fang, invoice.number)
    assert found is not None
    balance = balance_of(found)
    assert (balance.credited, balance.due) == (Money(3300), Money(13200))
    assert dispute.closed_by_id == cast.tom.id


def test_a_dispute_may_be_granted_in_part(session: Session, cast: Cast, now: datetime) -> None:
    invoice = add_invoice(session, cast.lanting, now=now)
    dispute = open_dispute(session, invoice.lines[0], amount=Money(3300), reason="", by=cast.wang_fang, now=now)

    close_dispute(session, dispute, outcome=DisputeState.GRANTED, by=cast.tom, now=now, credit=Money(1100))

    assert balance_of(invoice).due == Money(15400)


@pytest.mark.parametrize("credit", [Money(0), Money(-1), Money(3301)])
def test_a_credit_is_more_than_nothing_and_at_most_the_dispute(
    session: Session, cast: Cast, now: datetime, credit: Money
) -> None:
    invoice = add_invoice(session, cast.lanting, now=now)
    dispute = open_dispute(session, invoice.lines[0], amount=Money(3300), reason="", by=cast.wang_fang, now=now)

    with pytest.raises(rules.CreditNotPossible):
        close_dispute(session, dispute, outcome=DisputeState.GRANTED, by=cast.tom, now=now, credit=credit)


def test_a_declined_dispute_gives_no_credit(session: Session, cast: Cast, now: datetime) -> None:
    invoice = add_invoice(session, cast.lanting, now=now)
    dispute = open_dispute(session, invoice.lines[0], amount=None, reason="", by=cast.wang_fang, now=now)

    with pytest.raises(rules.CreditNotPossible):
        close_dispute(session, dispute, outcome=DisputeState.DECLINED, by=cast.tom, now=now, credit=Money(1))


def test_a_line_has_one_open_dispute(session: Session, cast: Cast, now: datetime) -> None:
    invoice = add_invoice(session, cast.lanting, now=now)
    open_dispute(session, invoice.lines[0], amount=Money(100), reason="", by=cast.wang_fang, now=now)

    with pytest.raises(rules.DisputeAlreadyOpen):
        open_dispute(session, invoice.lines[0], amount=Money(100), reason="", by=cast.wang_fang, now=now)


def test_what_was_credited_cannot_be_disputed_again(session: Session, cast: Cast, now: datetime) -> None:
    invoice = add_invoice(session, cast.lanting, now=now)
    first = open_dispute(session, invoice.lines[0], amount=Money(16000), reason="", by=cast.wang_fang, now=now)
    close_dispute(session, first, outcome=DisputeState.GRANTED, by=cast.tom, now=now)

    with pytest.raises(rules.DisputeTooLarge, match=r"5\.00 CNY"):
        open_dispute(session, invoice.lines[0], amount=Money(501), reason="", by=cast.wang_fang, now=now)
    assert open_dispute(session, invoice.lines[0], amount=None, reason="", by=cast.wang_fang, now=now).amount == Money(
        500
    )


@pytest.mark.parametrize(
    ("amount", "refusal"),
    [
        (Money(0), rules.DisputeNotPositive),
        (Money(-5), rules.DisputeNotPositive),
        (Money(16501), rules.DisputeTooLarge),
        (Money(100, "USD"), CurrenciesMixed),
    ],
)
def test_an_impossible_amount_is_refused(
    session: Session, cast: Cast, now: datetime, amount: Money, refusal: type[Exception]
) -> None:
    invoice = add_invoice(session, cast.lanting, now=now)

    with pytest.raises(refusal):
        open_dispute(session, invoice.lines[0], amount=amount, reason="", by=cast.wang_fang, now=now)


def test_a_refund_line_cannot_be_disputed(session: Session, cast: Cast, now: datetime) -> None:
    invoice = add_invoice(session, cast.lanting, now=now, lines=[make_line(amount=-16500)])

    with pytest.raises(rules.NothingToDispute):
        open_dispute(session, invoice.lines[0], amount=None, reason="", by=cast.wang_fang, now=now)


@pytest.mark.parametrize("status", [InvoiceStatus.DRAFT, InvoiceStatus.VOID])
def test_only_an_issued_invoice_can_be_disputed(
    session: Session, cast: Cast, now: datetime, status: InvoiceStatus
) -> None:
    invoice = add_invoice(session, cast.lanting, now=now, status=status)

    with pytest.raises(rules.InvoiceNotDisputable):
        open_dispute(session, invoice.lines[0], amount=None, reason="", by=cast.wang_fang, now=now)


def test_a_line_that_is_paid_can_still_be_disputed(session: Session, cast: Cast, now: datetime) -> None:
    invoice = add_invoice(session, cast.lanting, now=now)
    record_payment(session, invoice, amount=Money(16500), on=date(2026, 10, 1), reference="slip", by=cast.tom, now=now)
    dispute = open_dispute(session, invoice.lines[0], amount=None, reason="", by=cast.wang_fang, now=now)

    close_dispute(session, dispute, outcome=DisputeState.GRANTED, by=cast.tom, now=now)

    assert balance_of(invoice).overpaid == Money(16500)
