"""21Vianet's invoices to the partner, from Partner Center into our tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.audit.models import AuditEntry
from helpdesk.billing.models import VnetInvoice
from helpdesk.partner_center.services import InvoicesReport, take_invoice
from helpdesk.partner_center.shapes import RemoteInvoice
from tests.unit.partner_center.pretender import Pretender
from tests.unit.partner_center.test_client import client

INVOICE = RemoteInvoice("D1", date(2026, 8, 2), Decimal("100.10"), "CNY", Decimal(-7), "invoice")


def test_invoices_and_their_amendments_are_kept_once(there: Pretender, session: Session, now: datetime) -> None:
    reports = [InvoicesReport(), InvoicesReport()]
    for report in reports:
        for each in client(there).invoices():
            take_invoice(session, each, report, now=now)

    found = session.scalars(select(VnetInvoice).order_by(VnetInvoice.number)).all()
    assert [(each.number, each.total_minor, each.document_type, each.amends) for each in found] == [
        ("D02005YFHI", 2460635, "invoice", ""),
        ("D02005YFHJ", -60635, "credit_note", "D02005YFHI"),
    ]
    assert (found[0].period_start, found[0].period_end) == (date(2026, 7, 1), date(2026, 7, 31))
    assert [(report.invoices, report.new, report.changed) for report in reports] == [(2, 2, 0), (2, 0, 0)]


def test_nothing_is_taken_for_paid_whatever_the_amount_says(session: Session, now: datetime) -> None:
    take_invoice(session, INVOICE, InvoicesReport(), now=now)

    found = session.scalars(select(VnetInvoice)).one()
    assert (found.paid_on, found.paid_raw) == (None, Decimal(-7))


def test_what_is_said_otherwise_is_taken_over_and_noted_and_our_own_note_stays(session: Session, now: datetime) -> None:
    report = InvoicesReport()
    take_invoice(session, INVOICE, report, now=now)
    session.scalars(select(VnetInvoice)).one().paid_on = date(2026, 8, 20)

    take_invoice(session, replace(INVOICE, total=Decimal("90.10")), report, now=now)

    found = session.scalars(select(VnetInvoice)).one()
    assert (found.total_minor, found.paid_on, report.changed) == (9010, date(2026, 8, 20), 1)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "payable.read")).one()
    assert (entry.before, entry.after) == ({"total_minor": "10010"}, {"total_minor": "9010"})


@pytest.mark.parametrize("change", [{"id": ""}, {"id": "D" * 41}, {"billed_on": None}, {"currency": "¥"}])
def test_an_invoice_without_number_date_or_currency_is_left_out_and_counted(
    session: Session, now: datetime, change: dict[str, object]
) -> None:
    report = InvoicesReport()

    take_invoice(session, replace(INVOICE, **change), report, now=now)  # type: ignore[arg-type]

    assert report.skipped == 1
    assert session.scalars(select(VnetInvoice)).all() == []
