"""What is owed, and the word for it."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from helpdesk.billing.models import InvoiceStatus, LedgerEntry
from helpdesk.billing.queries import balance_of, balances_of, invoice_page, invoice_visible
from helpdesk.billing.rules import invoices as rules
from helpdesk.billing.rules.balance import InvoiceBalance, InvoiceState
from helpdesk.billing.services import issue_invoice, open_dispute, record_payment, void_invoice
from helpdesk.money import CurrenciesMixed, Money
from tests.cast import Cast
from tests.unit.billing.making import add_invoice, make_line

DUE = date(2026, 10, 15)
LATER = date(2026, 10, 16)


def balance(
    *,
    total: int = 1000,
    paid: int = 0,
    credited: int = 0,
    disputed: int = 0,
    status: InvoiceStatus = InvoiceStatus.ISSUED,
) -> InvoiceBalance:
    return InvoiceBalance(status, DUE, Money(total), Money(paid), Money(credited), Money(disputed))


@pytest.mark.parametrize(
    ("figures", "on", "state"),
    [
        (balance(), DUE, InvoiceState.ISSUED),
        (balance(), LATER, InvoiceState.OVERDUE),
        (balance(paid=400), DUE, InvoiceState.PARTLY_PAID),
        (balance(paid=400), LATER, InvoiceState.OVERDUE),
        (balance(paid=1000), LATER, InvoiceState.PAID),
        (balance(paid=600, credited=400), LATER, InvoiceState.PAID),
        (balance(paid=1200), LATER, InvoiceState.PAID),
        (balance(disputed=1000), LATER, InvoiceState.DISPUTED),
        (balance(disputed=300), LATER, InvoiceState.OVERDUE),
        (balance(paid=700, disputed=300), LATER, InvoiceState.DISPUTED),
        (balance(status=InvoiceStatus.VOID), LATER, InvoiceState.VOID),
        (balance(status=InvoiceStatus.DRAFT), LATER, InvoiceState.DRAFT),
    ],
)
def test_the_word_for_an_invoice(figures: InvoiceBalance, on: date, state: InvoiceState) -> None:
    assert figures.state(on) is state


def test_the_example_of_the_help_article_on_partial_payments() -> None:
    figures = balance(total=220000, paid=150000, disputed=16500)

    assert (figures.outstanding, figures.due) == (Money(70000), Money(53500))


@given(*[st.integers(0, 10**9)] * 4)
def test_due_is_never_negative_and_a_payment_never_raises_it(total: int, paid: int, disputed: int, more: int) -> None:
    before = balance(total=total, paid=paid, disputed=disputed)
    after = balance(total=total, paid=paid + more, disputed=disputed)

    assert Money(0) <= after.due <= before.due
    assert after.days_overdue(LATER) <= before.days_overdue(LATER)


def test_the_balance_is_the_same_from_rows_and_from_the_database(session: Session, cast: Cast, now: datetime) -> None:
    invoice = add_invoice(
        session, cast.lanting, now=now, lines=[make_line(amount=16500, tax=990), make_line(amount=-500)]
    )
    record_payment(session, invoice, amount=Money(1000), on=DUE, reference="a", by=cast.tom, now=now)
    open_dispute(session, invoice.lines[0], amount=Money(300), reason="", by=cast.wang_fang, now=now)

    found = invoice_visible(session, cast.tom, invoice.number)

    assert found is not None
    assert balance_of(found) == balances_of(session, [invoice.id])[invoice.id]
    assert balance_of(found).due == Money(16990 - 1000 - 300)


def test_a_payment_booked_twice_is_refused(session: Session, cast: Cast, now: datetime) -> None:
    invoice = add_invoice(session, cast.lanting, now=now)
    record_payment(session, invoice, amount=Money(1000), on=DUE, reference="slip 77", by=cast.tom, now=now)

    with pytest.raises(rules.PaymentKnown):
        record_payment(session, invoice, amount=Money(1000), on=DUE, reference="slip 77", by=cast.tom, now=now)


@pytest.mark.parametrize(
    ("amount", "on", "refusal"),
    [
        (Money(0), DUE, rules.PaymentEmpty),
        (Money(1, "USD"), DUE, CurrenciesMixed),
        (Money(1), date(2026, 11, 26), rules.PaymentInFuture),
        (Money(-1), DUE, rules.RefundTooLarge),
    ],
)
def test_an_impossible_payment_is_refused(  # noqa: PLR0917 - a table
    session: Session, cast: Cast, now: datetime, amount: Money, on: date, refusal: type[Exception]
) -> None:
    invoice = add_invoice(session, cast.lanting, now=now)

    with pytest.raises(refusal):
        record_payment(session, invoice, amount=amount, on=on, reference="", by=cast.tom, now=now)


def test_a_payment_is_taken_back_by_another_entry(session: Session, cast: Cast, now: datetime) -> None:
    invoice = add_invoice(session, cast.lanting, now=now)
    record_payment(session, invoice, amount=Money(1000), on=DUE, reference="", by=cast.tom, now=now)

    record_payment(session, invoice, amount=Money(-1000), on=DUE, reference="returned", by=cast.tom, now=now)

    assert balance_of(invoice).due == Money(16500)


@pytest.mark.parametrize("statement", ["UPDATE ledger_entry SET amount_minor = 1", "DELETE FROM ledger_entry"])
def test_the_database_refuses_to_change_the_ledger(session: Session, cast: Cast, now: datetime, statement: str) -> None:
    invoice = add_invoice(session, cast.lanting, now=now)
    record_payment(session, invoice, amount=Money(1000), on=DUE, reference="", by=cast.tom, now=now)

    with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
        session.execute(sa.text(statement))
    assert session.scalars(sa.select(LedgerEntry.amount_minor)).all() == [1000]


def test_an_invoice_with_money_on_it_cannot_be_void(session: Session, cast: Cast, now: datetime) -> None:
    invoice = add_invoice(session, cast.lanting, now=now)
    record_payment(session, invoice, amount=Money(1000), on=DUE, reference="", by=cast.tom, now=now)

    with pytest.raises(rules.InvoiceHasPayments):
        void_invoice(session, invoice, by=cast.tom, now=now)


def test_a_void_invoice_is_owed_no_more_and_never_comes_back(session: Session, cast: Cast, now: datetime) -> None:
    invoice = add_invoice(session, cast.lanting, now=now)

    void_invoice(session, invoice, by=cast.tom, now=now)

    assert not balance_of(invoice).due
    with pytest.raises(rules.InvoiceCannotChange):
        issue_invoice(session, invoice, by=cast.tom, now=now)


def test_who_sees_which_invoices(session: Session, cast: Cast, now: datetime) -> None:
    ours = add_invoice(session, cast.lanting, now=now, number="INV-1")
    draft = add_invoice(session, cast.lanting, now=now, number="INV-2", status=InvoiceStatus.DRAFT)
    theirs = add_invoice(session, cast.sakura, now=now, number="INV-3")

    def seen(user: object) -> set[str]:
        return {invoice.number for invoice, _ in invoice_page(session, user).rows}  # type: ignore[arg-type]

    assert seen(cast.wang_fang) == {ours.number}
    assert seen(cast.sato) == {theirs.number}
    assert seen(cast.li_na) == seen(cast.emma) == set()
    assert seen(cast.tom) == seen(cast.root) == {ours.number, draft.number, theirs.number}
    assert invoice_visible(session, cast.sato, ours.number) is None


def test_invoices_are_paged_newest_first_without_loss(session: Session, cast: Cast, now: datetime) -> None:
    for number in range(7):
        add_invoice(session, cast.lanting, now=now, number=f"INV-P{number}", issued_on=date(2026, 1 + number // 2, 1))
    seen, key = [], None
    while True:
        page = invoice_page(session, cast.wang_fang, before=key, size=3)
        seen += [invoice.number for invoice, _ in page.rows]
        key = page.next_key
        if key is None:
            break

    assert seen == [f"INV-P{number}" for number in (6, 5, 4, 3, 2, 1, 0)]


@pytest.mark.parametrize("key", ["", "x", "2026-01-01", "2026-13-01_1", "2026-01-01_x", "2026-01-01_" + "9" * 40])
def test_a_page_key_that_nobody_gave_out_shows_the_first_page(
    session: Session, cast: Cast, now: datetime, key: str
) -> None:
    add_invoice(session, cast.lanting, now=now)

    assert len(invoice_page(session, cast.wang_fang, before=key).rows) == 1
