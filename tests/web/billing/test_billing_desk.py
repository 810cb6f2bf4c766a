"""The billing desk and the customers, as the partner's people see them; proofs as customers send them."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.billing.jobs import next_import
from helpdesk.billing.models import (
    BillingImport,
    ImportState,
    Invoice,
    InvoiceStatus,
    PaymentProof,
    ProofState,
    ReconciliationRow,
    VnetInvoice,
)
from helpdesk.billing.queries import balance_of, holds_of, invoice_visible, is_on_hold
from helpdesk.billing.queries.reconcile import reconciled
from helpdesk.billing.rules.reconcile import Payable, Standing
from helpdesk.billing.services import import_reconciliation, invoice_from_rows
from helpdesk.billing.services.pricing import set_markup
from helpdesk.clock import utc_now
from helpdesk.money import Money
from helpdesk.notifications.models import OutboxMessage
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.billing.making import add_invoice, csv_file, csv_text, make_line, usage_text
from tests.web.tickets.statements import Statements

DESK = ["", "/proofs", "/drafts", "/imports", "/make", "/prices", "/reconcile", "/payable"]
SLIP = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def invoice(session: Session, cast: Cast, now: datetime) -> Invoice:
    made = add_invoice(session, cast.lanting, now=now, number="INV-2026-0042")
    session.commit()
    return made


@pytest.mark.parametrize("path", DESK)
def test_every_page_of_the_desk_teaches_when_it_is_empty(browse: Browse, cast: Cast, path: str) -> None:
    browse.sign_in(cast.mei).get(f"/work/billing{path}")


@pytest.mark.parametrize("path", [*DESK, "/reconcile.csv", "/imports/template.csv"])
def test_customers_have_no_business_at_the_desk(browse: Browse, cast: Cast, path: str) -> None:
    browse.sign_in(cast.wang_fang).get(f"/work/billing{path}", status=403)


@pytest.mark.parametrize("path", DESK[3:])
def test_agents_do_not_manage_billing(browse: Browse, cast: Cast, path: str) -> None:
    browse.sign_in(cast.tom).get(f"/work/billing{path}", status=403)


def upload(browse: Browse, text: str, kind: str = "license") -> None:
    browse.post(
        "/work/billing/imports",
        {"kind": kind, "billed_on": "2026-08-02", "file": (io.BytesIO(text.encode()), "july.csv")},
    )


def test_a_file_is_uploaded_checked_and_taken_in(app: Flask, browse: Browse, session: Session, cast: Cast) -> None:
    browse.sign_in(cast.mei)
    upload(browse, csv_text([{}, {"Quantity": "ten"}]))
    row = session.scalars(select(BillingImport)).one()
    path = f"/work/billing/imports/{row.public_id}"
    assert browse.client.get(path).headers["Refresh"] == "2"

    next_import(app)
    page = browse.get(path)
    assert "is not a number like 1,234.50" in page.text
    browse.post(f"{path}/take", {})
    session.refresh(row)
    assert row.state is ImportState.CHECKED
    browse.post(f"{path}/take", {"skip_bad": "y"})
    next_import(app)

    session.refresh(row)
    assert (row.state, row.added) == (ImportState.DONE, 1)
    with browse.client.get(f"{path}/rejects.csv") as rejected:
        assert "Quantity" in rejected.get_data(as_text=True)
    browse.get(path)


def test_a_corrected_file_shows_its_differences(
    app: Flask, browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    import_reconciliation(session, csv_file([{}, {"OrderId": "B"}]), name="first.csv", now=now)
    session.commit()
    browse.sign_in(cast.mei)
    upload(browse, csv_text([{}, {"OrderId": "B", "Tax": "0", "TotalForCustomer": "165"}]))
    next_import(app)
    row = session.scalars(select(BillingImport)).one()

    page = browse.get(f"/work/billing/imports/{row.public_id}")

    assert "¥174.90" in page.text
    assert "¥165.00" in page.text


def test_a_file_may_be_left_out(app: Flask, browse: Browse, session: Session, cast: Cast) -> None:
    browse.sign_in(cast.mei)
    upload(browse, csv_text([{}]))
    next_import(app)
    row = session.scalars(select(BillingImport)).one()

    browse.post(f"/work/billing/imports/{row.public_id}/leave")

    assert session.scalars(select(ReconciliationRow)).all() == []
    browse.post(f"/work/billing/imports/{row.public_id}/leave", status=409)


def test_an_upload_without_a_file_says_what_is_missing(browse: Browse, cast: Cast) -> None:
    page = browse.sign_in(cast.mei).post("/work/billing/imports", {"kind": "license", "billed_on": "2026-08-02"})

    assert page.all("a", href="#file")


def test_the_preview_of_an_invoice_file_lists_what_would_be_made(
    app: Flask, browse: Browse, session: Session, cast: Cast
) -> None:
    browse.sign_in(cast.mei)
    template = browse.client.get("/work/billing/imports/template.csv").get_data(as_text=True)
    upload(browse, template, kind="invoices")
    next_import(app)
    row = session.scalars(select(BillingImport)).one()

    page = browse.get(f"/work/billing/imports/{row.public_id}")

    assert "INV-2026-0100" in page.text
    assert "Invoices to make" in page.text
    assert "Dec 1, 2026" in page.text
    browse.post(f"/work/billing/imports/{row.public_id}/take", {})
    next_import(app)
    done = browse.get(f"/work/billing/imports/{row.public_id}").text
    assert "Invoices made" in done
    assert "Invoices to make" not in done


@pytest.fixture
def charged(session: Session, cast: Cast, now: datetime) -> None:
    """Two charges of Lanting, one of them on an issued invoice."""
    rows = [{}, {"SubscriptionId": "V2", "SyndicationPartnerSubscriptionNumber": "P2"}]
    import_reconciliation(session, csv_file(rows), name="july.csv", now=now)
    first = session.scalars(select(ReconciliationRow).order_by(ReconciliationRow.id)).first()
    assert first is not None
    invoice_from_rows(
        session, cast.lanting, [first], number="INV-1", issued_on=date(2026, 8, 1), due_on=date(2026, 8, 31), now=now
    )
    session.commit()


def test_margins_missing_and_extra_are_told_apart(
    browse: Browse, session: Session, cast: Cast, now: datetime, charged: None
) -> None:
    add_invoice(session, cast.sakura, now=now)
    session.commit()

    found = {row.standing: row for row in reconciled(session, start=date(2026, 7, 1), end=date(2026, 7, 31))}
    page = browse.sign_in(cast.mei).get("/work/billing/reconcile?from=2026-07-01&to=2026-07-31")
    sheet = browse.client.get("/work/billing/reconcile.csv?from=2026-07-01&to=2026-07-31").get_data(as_text=True)

    assert set(found) == {Standing.BILLED, Standing.MISSING, Standing.EXTRA}
    assert found[Standing.MISSING].charged == Money(17490)
    assert found[Standing.EXTRA].invoiced == Money(16500)
    assert "V2" not in page.text
    assert "174.90,0.00,-174.90,174.90,CNY" in sheet
    browse.get("/work/billing/reconcile?only=missing")


def test_drafts_are_made_of_what_is_not_billed_under_the_price_rules(
    browse: Browse, session: Session, cast: Cast, now: datetime, charged: None
) -> None:
    set_markup(session, offer_id="", percent=Decimal(10), by=cast.mei, now=now)
    session.commit()
    path = "/work/billing/make?from=2026-07-01&to=2026-07-31"
    page = browse.sign_in(cast.mei).get(path)
    assert "¥192.39" in page.text

    key = f"{cast.lanting.public_id}-CNY"
    browse.post(path, {"customer": key, "issued_on": "2026-08-05", "due_on": "2026-09-04"})

    draft = session.scalars(select(Invoice).where(Invoice.status == InvoiceStatus.DRAFT)).one()
    assert (draft.number, sum(line.total_minor for line in draft.lines)) == ("INV-2026-0001", 19239)
    assert "¥192.39" in browse.get("/work/billing/drafts").text
    assert not browse.get(path).all("input", name="customer")


def test_usage_becomes_an_invoice_that_customers_can_read(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    from helpdesk.billing.services.reconciliation import ImportOptions

    text = io.BytesIO(usage_text([{}]).encode())
    import_reconciliation(session, text, name="u.csv", now=now, options=ImportOptions(kind="usage"))
    rows = list(session.scalars(select(ReconciliationRow)))
    invoice_from_rows(
        session, cast.lanting, rows, number="INV-U", issued_on=date(2026, 8, 1), due_on=date(2026, 9, 1), now=now
    )
    session.commit()

    page = browse.sign_in(cast.wang_fang).get("/invoices/INV-U")

    assert "744.50 × 0.501235" in page.text


def test_a_markup_is_set_and_taken_away(browse: Browse, session: Session, cast: Cast, charged: None) -> None:
    browse.sign_in(cast.mei).post("/work/billing/prices", {"offer_id": "MS-0B-O365BP", "percent": "12.5"})
    assert browse.get("/work/billing/prices").all("input", value="12.50")

    browse.post("/work/billing/prices/remove", {"offer_id": "MS-0B-O365BP"})

    assert not browse.get("/work/billing/prices").all("input", value="12.50")


def test_issuing_and_voiding_say_first_what_will_happen(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    draft = add_invoice(session, cast.lanting, now=now, number="INV-D", status=InvoiceStatus.DRAFT)
    session.commit()
    browse.sign_in(cast.wang_fang).get("/invoices/INV-D", status=404)
    browse.sign_in(cast.mei)

    assert "王芳" in browse.get("/work/billing/invoices/INV-D/issue").text
    browse.post("/work/billing/invoices/INV-D/issue")
    session.refresh(draft)
    assert draft.status.value == "issued"
    assert "¥165.00" in browse.get("/work/billing/invoices/INV-D/void").text
    browse.post("/work/billing/invoices/INV-D/void")
    session.refresh(draft)
    assert draft.status.value == "void"
    browse.get("/work/billing/invoices/INV-D/issue")


def test_chosen_drafts_are_issued_together(browse: Browse, session: Session, cast: Cast, now: datetime) -> None:
    made = [
        add_invoice(session, cast.lanting, now=now, number=f"INV-D{n}", status=InvoiceStatus.DRAFT) for n in range(2)
    ]
    session.commit()

    browse.sign_in(cast.mei).post("/work/billing/drafts/issue", {"number": "INV-D1"})

    for draft in made:
        session.refresh(draft)
    assert [draft.status for draft in made] == [InvoiceStatus.DRAFT, InvoiceStatus.ISSUED]


def test_what_is_owed_to_21vianet_has_its_due_date_and_its_price(
    browse: Browse, session: Session, cast: Cast, charged: None
) -> None:
    page = browse.sign_in(cast.mei).get("/work/billing/payable")
    file_id = session.scalars(select(ReconciliationRow.file_id)).first()

    browse.post(f"/work/billing/payable/{file_id}", {"billed_on": "2026-08-01", "paid_on": "2026-08-20"})

    assert "¥349.80" in page.text
    assert "1.5 %" in page.text
    browse.post("/work/billing/payable/99", {"billed_on": "2026-08-01"}, status=409)


def test_an_invoice_of_21vianet_says_on_the_page_whether_its_files_agree(
    browse: Browse, session: Session, cast: Cast, charged: None
) -> None:
    invoice = VnetInvoice(
        number="D02005YFHI",
        billed_on=date(2026, 8, 2),
        currency="CNY",
        total_minor=40000,
        paid_raw=Decimal(0),
        document_type="invoice",
        read_at=utc_now(),
    )
    session.add(invoice)
    session.commit()
    file_id = session.scalars(select(ReconciliationRow.file_id)).first()
    page = browse.sign_in(cast.mei).get("/work/billing/payable")
    assert "its total is not checked" in page.text

    browse.post(f"/work/billing/payable/{file_id}/invoice", {"invoice": str(invoice.id)})
    assert "¥50.20 of the invoice is not explained" in browse.get("/work/billing/payable").text

    invoice.total_minor = 34980
    session.commit()
    browse.post(f"/work/billing/payable/invoices/{invoice.id}", {"paid_on": "2026-08-20"})
    page = browse.get("/work/billing/payable")
    assert "say the same: CN¥349.80" in page.text
    assert "paid on" in page.text

    browse.post(f"/work/billing/payable/{file_id}/invoice", {"invoice": ""})
    assert "its total is not checked" in browse.get("/work/billing/payable").text


def test_a_late_payment_costs_for_each_month_begun() -> None:
    payable = Payable(1, "x", "license", Money(100_000), date(2026, 8, 1), None)

    assert payable.due_on == date(2026, 8, 31)
    assert payable.late_charge(date(2026, 8, 31)) == Money(0)
    assert payable.late_charge(date(2026, 9, 1)) == Money(1_500)
    assert payable.late_charge(date(2026, 10, 1)) == Money(3_000)


def send(browse: Browse, number: str, **changes: object) -> None:
    data = {"amount": "165.00", "paid_on": "2026-11-20", "reference": "T-9", "slip": (io.BytesIO(SLIP), "slip.pdf")}
    browse.post(f"/invoices/{number}/proof", data | changes)


@pytest.fixture
def proof(browse: Browse, session: Session, cast: Cast, invoice: Invoice) -> PaymentProof:
    browse.sign_in(cast.wang_fang)
    send(browse, invoice.number)
    return session.scalars(select(PaymentProof)).one()


def test_a_proof_puts_a_hold_of_some_days_on_the_invoice(
    browse: Browse, session: Session, invoice: Invoice, proof: PaymentProof
) -> None:
    sent = proof.sent_at

    assert proof.hold_until == sent + timedelta(days=5)
    assert is_on_hold(session, invoice, now=sent)
    assert holds_of(session, [invoice.id], now=sent) == {invoice.id: proof.hold_until}
    assert not is_on_hold(session, invoice, now=proof.hold_until)
    assert not browse.get(f"/invoices/{invoice.number}/proof").all("input", name="slip")


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "much"},
        {"amount": "0"},
        {"amount": "165.01"},
        {"paid_on": "2036-01-01"},
        {"paid_on": "soon"},
        {"slip": (io.BytesIO(b""), "")},
        {"slip": (io.BytesIO(b"MZ"), "slip.exe")},
        {"slip": (io.BytesIO(b"paid"), "slip.txt")},
    ],
)
def test_a_proof_that_says_nothing_is_refused_and_nothing_typed_is_lost(
    browse: Browse, session: Session, cast: Cast, invoice: Invoice, changes: dict[str, object]
) -> None:
    browse.sign_in(cast.wang_fang)

    send(browse, invoice.number, **changes)

    assert session.scalars(select(PaymentProof)).all() == []


def test_accepting_books_the_payment_and_tells_the_customer(
    browse: Browse, session: Session, cast: Cast, invoice: Invoice, proof: PaymentProof
) -> None:
    browse.sign_in(cast.tom).get(f"/work/billing/proofs/{proof.public_id}")

    browse.post(
        f"/work/billing/proofs/{proof.public_id}/accept",
        {"accept-amount": "100.00", "accept-on": "2026-11-21", "accept-reference": "T-9"},
    )

    session.refresh(proof)
    found = invoice_visible(session, cast.tom, invoice.number)
    assert found is not None
    assert (proof.state, balance_of(found).paid) == (ProofState.ACCEPTED, Money(10_000))
    assert session.scalars(select(OutboxMessage.kind)).all() == ["proof_accepted"]
    assert holds_of(session, [invoice.id], now=proof.sent_at) == {}
    browse.get("/work/billing/proofs")


def test_declining_needs_a_reason_that_the_customer_reads(
    browse: Browse, session: Session, cast: Cast, invoice: Invoice, proof: PaymentProof
) -> None:
    path = f"/work/billing/proofs/{proof.public_id}/decline"
    browse.sign_in(cast.tom).post(path, {"decline-reason": " "})
    session.refresh(proof)
    assert proof.state.value == "waiting"

    browse.post(path, {"decline-reason": "金额不符，请重新上传。"})

    session.refresh(proof)
    assert proof.state.value == "declined"
    assert session.scalars(select(OutboxMessage)).one().payload["reason"] == "金额不符，请重新上传。"
    assert "金额不符" in browse.sign_in(cast.wang_fang).get(f"/invoices/{invoice.number}/proof").text
    browse.sign_in(cast.tom).post(path, {"decline-reason": "again"})


def test_a_second_proof_does_not_begin_the_hold_anew(
    browse: Browse, session: Session, cast: Cast, invoice: Invoice, proof: PaymentProof
) -> None:
    browse.sign_in(cast.tom).post(f"/work/billing/proofs/{proof.public_id}/decline", {"decline-reason": "No."})
    browse.sign_in(cast.wang_fang)

    send(browse, invoice.number)

    session.refresh(proof)
    second = session.scalars(select(PaymentProof).where(PaymentProof.state == ProofState.WAITING)).one()
    assert second.hold_until == proof.hold_until


def test_proofs_and_slips_of_others_do_not_exist(
    browse: Browse, cast: Cast, invoice: Invoice, proof: PaymentProof
) -> None:
    slip = f"/invoices/proofs/{proof.public_id}/file"
    with browse.client.get(slip) as answer:
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.get_data() == SLIP

    browse.sign_in(cast.sato).get(slip, status=404)
    browse.get(f"/invoices/{invoice.number}/proof", status=404)
    browse.sign_in(cast.li_na).get(slip, status=403)
    browse.sign_in(cast.emma).get(slip, status=403)


def test_customers_are_listed_with_what_they_owe(browse: Browse, cast: Cast, invoice: Invoice) -> None:
    page = browse.sign_in(cast.tom).get("/work/customers")

    assert page.all("a", href=f"/work/customers/{cast.lanting.public_id}")
    assert "¥165.00" in page.text
    assert cast.sakura.name not in browse.get("/work/customers?q=lanting").text
    browse.get("/work/customers?q=nobody")
    browse.sign_in(cast.wang_fang).get("/work/customers", status=403)


def test_a_customer_shows_people_money_and_ways_on(
    browse: Browse, cast: Cast, invoice: Invoice, proof: PaymentProof
) -> None:
    page = browse.sign_in(cast.tom).get(f"/work/customers/{cast.lanting.public_id}")

    assert page.all("a", href="/invoices/INV-2026-0042")
    assert page.all("a", href=f"/notices?customer={cast.lanting.public_id}")
    assert page.all("a", href=f"/work/billing/proofs/{proof.public_id}")
    assert "李娜" in page.text
    browse.get("/work/customers/nobody", status=404)


def test_the_console_imports_and_writes_the_rejects(app: Flask, session: Session, tmp_path: Path, cast: Cast) -> None:
    from click.testing import CliRunner

    from helpdesk.billing.commands import billing

    source, rejects = tmp_path / "u.csv", tmp_path / "bad.csv"
    source.write_text(usage_text([{}, {"PostTaxTotal": "x"}]))
    with app.app_context():
        answer = CliRunner().invoke(
            billing, ["import", str(source), "--kind", "usage", "--skip-bad", "--rejects", str(rejects)]
        )

    assert '"added": 1' in answer.stdout
    assert "PostTaxTotal" in rejects.read_text()


def test_a_markup_that_is_no_number_is_refused_in_our_words(browse: Browse, cast: Cast) -> None:
    page = browse.sign_in(cast.mei).post("/work/billing/prices", {"offer_id": "", "percent": "ten"})

    assert "Enter a number like 12.5." in page.text


def test_reconcile_comes_in_pages_and_its_sums_are_of_all(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    rows = [
        {"SubscriptionId": f"V-{number:03}", "SyndicationPartnerSubscriptionNumber": f"P-{number:03}"}
        for number in range(120)
    ]
    import_reconciliation(session, csv_file(rows), name="july.csv", now=now)
    session.commit()
    path = "/work/billing/reconcile?from=2026-07-01&to=2026-07-31"

    first, second = (browse.sign_in(cast.mei).get(f"{path}&page={page}") for page in (1, 2))

    assert ("P-000" in first.text, "P-119" in first.text) == (True, False)
    assert ("P-000" in second.text, "P-119" in second.text) == (False, True)
    assert all("¥20,988.00" in page.text for page in (first, second))
    for odd in ("0", "-1", "x", "99"):
        browse.get(f"{path}&only=missing&page={odd}")


@pytest.mark.parametrize("step", ["issue", "void", "payment"])
def test_a_step_asks_the_same_of_the_database_whatever_number_of_lines_there_are(  # noqa: PLR0917 - fixtures
    app: Flask, browse: Browse, session: Session, cast: Cast, now: datetime, step: str
) -> None:
    for number, count in (("INV-FEW", 1), ("INV-MANY", 40)):
        lines = [make_line(position=position) for position in range(1, count + 1)]
        add_invoice(session, cast.lanting, now=now, number=number, lines=lines)
    session.commit()
    session.expunge_all()
    browse.sign_in(cast.mei)
    sent = []

    for number in ("INV-FEW", "INV-MANY"):
        with Statements(app) as seen:
            page = browse.get(f"/work/billing/invoices/{number}/{step}")
        sent.append(seen.sent)

    assert "40" in page.text or step == "payment"
    assert len(sent[0]) == len(sent[1])
    loads_lines = [each for each in sent[1] if "FROM invoice_line" in each and "invoice_line.description" in each]
    assert loads_lines == []
