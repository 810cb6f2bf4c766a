"""What is owed to 21Vianet: its invoices beside the files that explain them."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.billing.models import ReconciliationFile, VnetInvoice
from helpdesk.billing.queries.payables import payables
from helpdesk.billing.rules.reconcile import BilledPayable
from helpdesk.billing.services import import_reconciliation
from helpdesk.billing.services.payables import (
    OtherCurrency,
    PaidBeforeBilled,
    PayableUnknown,
    link_file,
    link_named_files,
    note_invoice_paid,
    set_payable,
)
from helpdesk.billing.services.reconciliation import ImportOptions
from helpdesk.money import Money
from tests.cast import Cast
from tests.unit.billing.making import csv_file, usage_text
from tests.web.tickets.statements import Statements


def take(session: Session, now: datetime, rows: list[dict[str, str]], *, usage: bool = False) -> ReconciliationFile:
    stream = io.BytesIO(usage_text(rows).encode()) if usage else csv_file(rows)
    options = ImportOptions(kind="usage" if usage else "license", replace=True, billed_on=date(2026, 8, 2))
    report = import_reconciliation(session, stream, name="july.csv", now=now, options=options)
    assert report.file is not None
    return report.file


def bill(session: Session, now: datetime, *, total: int = 17490, **more: object) -> VnetInvoice:
    given: dict[str, object] = {"number": "D02005YFHI", "currency": "CNY", "document_type": "invoice"} | more
    invoice = VnetInvoice(billed_on=date(2026, 8, 2), total_minor=total, paid_raw=Decimal(0), read_at=now, **given)
    session.add(invoice)
    session.flush()
    return invoice


def billed(session: Session) -> BilledPayable:
    found = payables(session)
    assert len(found) == 1
    assert isinstance(found[0], BilledPayable)
    return found[0]


def test_an_invoice_says_what_its_files_leave_unexplained(session: Session, cast: Cast, now: datetime) -> None:
    invoice, file = bill(session, now, total=20000), take(session, now, [{}])

    link_file(session, file.id, invoice_id=invoice.id, by=cast.mei, now=now)

    found = billed(session)
    assert (found.amount, found.explained, found.difference) == (Money(20000), Money(17490), Money(2510))
    assert found.due_on == date(2026, 9, 1)


def test_a_file_counts_beside_its_invoice_and_not_again(session: Session, cast: Cast, now: datetime) -> None:
    invoice, file = bill(session, now), take(session, now, [{}])
    assert len(payables(session)) == 2

    link_file(session, file.id, invoice_id=invoice.id, by=cast.mei, now=now)
    assert not billed(session).difference

    link_file(session, file.id, invoice_id=None, by=cast.mei, now=now)
    assert len(payables(session)) == 2


def test_a_usage_file_that_names_its_invoice_stands_beside_it_whichever_comes_first(
    session: Session, cast: Cast, now: datetime
) -> None:
    early = take(session, now, [{"InvoiceNumber": "D1"}], usage=True)
    invoice = bill(session, now, number="D1", total=37317)

    assert link_named_files(session) == 1
    late = take(session, now, [{"InvoiceNumber": "D1", "SubscriptionId": "VSUB-2"}], usage=True)

    assert (early.vnet_invoice_id, late.vnet_invoice_id) == (invoice.id, invoice.id)
    assert billed(session).explained == Money(2 * 37317)


def test_a_file_that_names_no_invoice_is_looked_at_once(app: Flask, session: Session, now: datetime) -> None:
    for place in range(3):
        take(session, now, [{"OrderId": f"ORD-{place}"}])

    with Statements(app) as seen:
        link_named_files(session)

    assert [statement for statement in seen.sent if "FROM reconciliation_row" in statement] == []
    assert seen.sent


def test_a_file_that_a_person_took_off_its_invoice_stays_off(session: Session, cast: Cast, now: datetime) -> None:
    bill(session, now, number="D1")
    file = take(session, now, [{"InvoiceNumber": "D1"}], usage=True)
    link_file(session, file.id, invoice_id=None, by=cast.mei, now=now)

    link_named_files(session)

    assert file.vnet_invoice_id is None


def test_a_file_that_names_two_invoices_is_put_beside_none(session: Session, cast: Cast, now: datetime) -> None:
    bill(session, now, number="D1")
    file = take(
        session, now, [{"InvoiceNumber": "D1"}, {"InvoiceNumber": "D2", "SubscriptionId": "VSUB-2"}], usage=True
    )

    assert file.vnet_invoice_id is None


def test_a_corrected_file_stands_where_the_earlier_one_stood(session: Session, cast: Cast, now: datetime) -> None:
    rows = [{}, {"SubscriptionId": "VSUB-2"}]
    invoice, file = bill(session, now), take(session, now, rows)
    link_file(session, file.id, invoice_id=invoice.id, by=cast.mei, now=now)

    cheaper = {"Amount": "100.00", "Subtotal": "100.00", "Tax": "0", "TotalForCustomer": "100.00"}
    corrected = take(session, now, [{}, {"SubscriptionId": "VSUB-2"} | cheaper])

    assert corrected.vnet_invoice_id == invoice.id
    assert billed(session).explained == Money(27490)


def test_charges_in_another_currency_stay_apart(session: Session, cast: Cast, now: datetime) -> None:
    invoice, file = bill(session, now, currency="USD"), take(session, now, [{}])

    with pytest.raises(OtherCurrency):
        link_file(session, file.id, invoice_id=invoice.id, by=cast.mei, now=now)
    file.vnet_invoice_id = invoice.id
    session.flush()
    assert [each.amount for each in payables(session)] == [Money(17490, "USD"), Money(17490)]


def test_a_payment_noted_on_the_file_goes_with_it_to_the_invoice(session: Session, cast: Cast, now: datetime) -> None:
    invoice, file = bill(session, now), take(session, now, [{}])
    paid_on = date(2026, 8, 20)
    set_payable(session, file.id, billed_on=file.billed_on, paid_on=paid_on, by=cast.mei, now=now)

    link_file(session, file.id, invoice_id=invoice.id, by=cast.mei, now=now)
    assert billed(session).paid_on == paid_on

    note_invoice_paid(session, invoice.id, paid_on=None, by=cast.mei, now=now)
    assert billed(session).is_late(date(2026, 9, 2))


def test_a_credit_is_never_late(session: Session, cast: Cast, now: datetime) -> None:
    bill(session, now, total=-5000, document_type="credit_note")

    found = billed(session)
    assert not found.is_owed
    assert not found.is_late(date(2027, 1, 1))
    assert found.late_charge(date(2027, 1, 1)) == Money(0)


def test_a_payment_before_the_bill_and_an_unknown_invoice_are_refused(
    session: Session, cast: Cast, now: datetime
) -> None:
    invoice, file = bill(session, now), take(session, now, [{}])

    with pytest.raises(PaidBeforeBilled):
        note_invoice_paid(session, invoice.id, paid_on=date(2026, 8, 1), by=cast.mei, now=now)
    with pytest.raises(PayableUnknown):
        note_invoice_paid(session, 99, paid_on=None, by=cast.mei, now=now)
    with pytest.raises(PayableUnknown):
        link_file(session, file.id, invoice_id=99, by=cast.mei, now=now)
