"""Money that came in is booked by the partner's people, and what was booked wrongly is taken back."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.billing.models import DisputeState, Invoice, InvoiceStatus, LedgerEntry, PaymentProof
from helpdesk.billing.services import close_dispute, open_dispute, record_payment
from helpdesk.money import Money
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.billing.making import add_invoice
from tests.web.billing.test_billing_desk import send

PATH = "/work/billing/invoices/INV-2026-0042/payment"


@pytest.fixture
def invoice(session: Session, cast: Cast, now: datetime) -> Invoice:
    made = add_invoice(session, cast.lanting, now=now, number="INV-2026-0042")
    session.commit()
    return made


def booked(session: Session) -> list[tuple[int, str]]:
    rows = session.execute(select(LedgerEntry.amount_minor, LedgerEntry.reference).order_by(LedgerEntry.id))
    return [(row.amount_minor, row.reference) for row in rows]


def test_a_transfer_that_nobody_announced_is_booked_and_a_wrong_booking_taken_back(
    browse: Browse, session: Session, cast: Cast, invoice: Invoice
) -> None:
    assert browse.sign_in(cast.tom).get(f"/invoices/{invoice.number}").all("a", href=PATH)

    browse.post(PATH, {"amount": "165.00", "on": "2026-11-20", "reference": "ICBC 7"})
    browse.post(PATH, {"amount": "-165.00", "on": "2026-11-21", "reference": "ICBC 7, of another customer"})

    assert booked(session) == [(16500, "ICBC 7"), (-16500, "ICBC 7, of another customer")]
    assert "ICBC 7, of another customer" in browse.sign_in(cast.wang_fang).get(f"/invoices/{invoice.number}").text
    browse.sign_in(cast.mei).post(f"/work/billing/invoices/{invoice.number}/void", {})
    session.refresh(invoice)
    assert invoice.status is InvoiceStatus.VOID


@pytest.mark.parametrize(
    "given",
    [
        {"amount": "much"},
        {"amount": "0"},
        {"amount": "-1"},
        {"amount": "165.01"},
        {"on": "soon"},
        {"on": "2036-01-01"},
    ],
)
def test_a_booking_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    browse: Browse, session: Session, cast: Cast, invoice: Invoice, given: dict[str, str]
) -> None:
    del invoice
    page = browse.sign_in(cast.tom).post(PATH, {"amount": "1.00", "on": "2026-11-20", "reference": "R-1"} | given)

    assert booked(session) == []
    assert page.all("input", name="reference", value="R-1")
    assert page.all("input", aria_invalid="true")


def test_more_than_is_outstanding_is_booked_once_somebody_confirms_it(
    browse: Browse, session: Session, cast: Cast, invoice: Invoice
) -> None:
    del invoice
    data = {"amount": "1650.00", "on": "2026-11-20"}

    page = browse.sign_in(cast.tom).post(PATH, data)
    assert "¥1,485.00 more than is outstanding" in page.text

    browse.post(PATH, data | {"so_much": "y"})
    assert booked(session) == [(165000, "")]


def test_accepting_a_proof_asks_too_when_it_is_more_than_is_outstanding(
    browse: Browse, session: Session, cast: Cast, invoice: Invoice
) -> None:
    browse.sign_in(cast.wang_fang)
    send(browse, invoice.number)
    proof = session.scalars(select(PaymentProof)).one()
    path = f"/work/billing/proofs/{proof.public_id}/accept"
    data = {"accept-amount": "16500", "accept-on": "2026-11-20", "accept-reference": "T-9"}

    page = browse.sign_in(cast.tom).post(path, data)
    assert "more than is outstanding" in page.text
    assert booked(session) == []

    browse.post(path, data | {"accept-so_much": "y"})
    assert booked(session) == [(1650000, "T-9")]


def test_a_draft_takes_no_payment_and_the_page_says_so(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    add_invoice(session, cast.lanting, now=now, number="INV-D", status=InvoiceStatus.DRAFT)
    session.commit()

    page = browse.sign_in(cast.tom).get("/work/billing/invoices/INV-D/payment")

    assert "on an issued invoice only" in page.text
    assert not page.all("input", name="amount")


def test_a_credit_does_not_keep_an_invoice_from_being_voided_and_money_does(
    browse: Browse, session: Session, cast: Cast, invoice: Invoice, now: datetime
) -> None:
    dispute = open_dispute(session, invoice.lines[0], amount=None, reason="", by=cast.wang_fang, now=now)
    close_dispute(session, dispute, outcome=DisputeState.GRANTED, credit=Money(100), by=cast.tom, now=now)
    record_payment(session, invoice, amount=Money(50), on=date(2026, 11, 1), reference="R", by=cast.tom, now=now)
    session.commit()
    path = f"/work/billing/invoices/{invoice.number}/void"

    page = browse.sign_in(cast.mei).post(path, {})
    assert "Take it back first" in page.text
    assert page.all("a", href=PATH)

    browse.post(PATH, {"amount": "-0.50", "on": "2026-11-20"})
    browse.post(path, {})
    session.refresh(invoice)
    assert invoice.status is InvoiceStatus.VOID


def test_the_customer_reads_on_the_invoice_why_a_proof_was_not_accepted(
    browse: Browse, session: Session, cast: Cast, invoice: Invoice
) -> None:
    browse.sign_in(cast.wang_fang)
    send(browse, invoice.number)
    proof = session.scalars(select(PaymentProof)).one()
    browse.sign_in(cast.tom).get(f"/work/billing/proofs/{proof.public_id}")
    browse.post(f"/work/billing/proofs/{proof.public_id}/decline", {"decline-reason": "看不清金额"})

    assert "看不清金额" in browse.sign_in(cast.wang_fang).get(f"/invoices/{invoice.number}").text
    assert "自您首次提交凭证时起算" in browse.get(f"/invoices/{invoice.number}/proof").text

    send(browse, invoice.number, slip=(io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "again.pdf"))
    assert "看不清金额" not in browse.get(f"/invoices/{invoice.number}").text


def test_a_bank_slip_is_work_that_the_queue_shows_until_it_is_decided(
    browse: Browse, session: Session, cast: Cast, invoice: Invoice
) -> None:
    there = "/work/billing/proofs"
    assert not browse.sign_in(cast.tom).get("/work/queue").all("a", href=there)
    send(browse.sign_in(cast.wang_fang), invoice.number, slip=(io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "slip.pdf"))

    queue = browse.sign_in(cast.tom).get("/work/queue")

    assert queue.all("a", href=there)
    assert "Proofs of payment 1" in " ".join(queue.text.split())
    proof = session.scalars(select(PaymentProof)).one()
    browse.get(f"{there}/{proof.public_id}")
    browse.post(f"{there}/{proof.public_id}/decline", {"decline-reason": "Not readable"})
    assert not browse.get("/work/queue").all("a", href=there)
