"""The usage-based file, and the corrected file."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.billing.explanation import explain_line
from helpdesk.billing.models import ReconciliationFile, ReconciliationRow
from helpdesk.billing.reconciliation import errors
from helpdesk.billing.reconciliation.columns import USAGE
from helpdesk.billing.services import import_reconciliation, invoice_from_rows
from helpdesk.billing.services.reconciliation import ImportOptions, ImportReport
from helpdesk.errors import DomainError
from helpdesk.money import Money
from tests.cast import Cast
from tests.unit.billing.making import ROW, add_subscription, csv_file, csv_text, usage_text

USAGE_FILE = ImportOptions(kind="usage")


def take_in(session: Session, text: str, *, now: datetime, **wanted: object) -> ImportReport:
    options = ImportOptions(kind="usage", **wanted)  # type: ignore[arg-type]
    return import_reconciliation(session, io.BytesIO(text.encode()), name="usage.csv", now=now, options=options)


def rows(session: Session) -> list[ReconciliationRow]:
    return list(session.scalars(select(ReconciliationRow).order_by(ReconciliationRow.id)))


def test_a_metered_charge_keeps_its_quantities_exactly(session: Session, now: datetime) -> None:
    precise = {"ConsumedQuantity": "10.00002400011", "IncludedQuantity": "10", "OverageQuantity": "0.00002400011"}

    take_in(session, usage_text([precise | {"PretaxCharges": "0.00", "PostTaxTotal": "0"}]), now=now)

    row = rows(session)[0]
    assert row.overage == Decimal("0.00002400011")
    assert row.raw["ListPrice"] == "0.5012345678"
    assert (row.offer_name, row.charge_type) == (
        "Virtual Machines: Compute Hours",
        "Assess usage fee for current cycle",
    )


def test_a_day_of_usage_is_charged_for_that_day(session: Session, now: datetime) -> None:
    take_in(session, usage_text([{"UsageDate": "7/3/2026"}]), now=now)

    assert (rows(session)[0].charge_start, rows(session)[0].charge_end) == (date(2026, 7, 3), date(2026, 7, 3))


def test_the_subscription_says_whose_it_is_where_the_file_does_not(session: Session, cast: Cast, now: datetime) -> None:
    subscription = add_subscription(session, cast.sakura)
    columns = [name for name in USAGE if name != "CustomerId"]
    text = usage_text([{"SubscriptionId": subscription.portal_subscription_id}], columns=columns)

    take_in(session, text, now=now)

    assert rows(session)[0].tenant_id == cast.sakura.tenant_id


def test_the_domain_says_whose_it_is_where_nothing_else_does(session: Session, cast: Cast, now: datetime) -> None:
    take_in(session, usage_text([{"CustomerId": "", "DomainName": cast.sakura.domain.upper()}]), now=now)

    assert rows(session)[0].tenant_id == cast.sakura.tenant_id


def test_a_row_of_nobody_waits_until_a_license_based_file_names_its_customer(session: Session, now: datetime) -> None:
    columns = [name for name in USAGE if name not in {"CustomerId", "DomainName"}]
    text = usage_text([{"SubscriptionId": "VSUB-NEW"}, {"SubscriptionId": "VSUB-OTHER"}], columns=columns)

    assert take_in(session, text, now=now).added == 2
    assert [row.tenant_id for row in rows(session)] == ["", ""]
    license_file = io.BytesIO(csv_text([{"SubscriptionId": "VSUB-NEW"}]).encode())
    import_reconciliation(session, license_file, name="license.csv", now=now, options=ImportOptions())
    session.expire_all()

    assert [row.tenant_id for row in rows(session) if row.consumed is not None] == [ROW["CustomerId"], ""]


def test_a_row_whose_customer_became_known_is_not_taken_twice(session: Session, cast: Cast, now: datetime) -> None:
    columns = [name for name in USAGE if name not in {"CustomerId", "DomainName"}]
    changed = {"SubscriptionId": "VSUB-NEW"}
    take_in(session, usage_text([changed], columns=columns), now=now)

    report = take_in(session, usage_text([changed | {"CustomerId": cast.sakura.tenant_id}]), now=now)

    assert (report.added, report.known) == (0, 1)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"OverageQuantity": "1"}, "OverageQuantity"),
        ({"PostTaxTotal": "1"}, "PostTaxTotal"),
        ({"ConsumedQuantity": "a lot"}, "ConsumedQuantity"),
        ({"UsageDate": "yesterday"}, "UsageDate"),
        ({"CustomerId": "x"}, "CustomerId"),
        ({"ChargeEndDate": "6/1/2026"}, "ChargeEndDate"),
        ({"ServiceName": ""}, "ServiceName"),
    ],
)
def test_a_bad_cell_is_named(session: Session, now: datetime, cells: dict[str, str], column: str) -> None:
    with pytest.raises(errors.RowsRefused) as refusal:
        take_in(session, usage_text([cells]), now=now)

    assert [bad.column for bad in refusal.value.bad] == [column]


def test_a_license_file_is_not_taken_for_a_usage_file(session: Session, now: datetime) -> None:
    with pytest.raises(errors.ColumnsMissing):
        import_reconciliation(session, csv_file([{}]), name="x.csv", now=now, options=USAGE_FILE)


def test_a_usage_line_is_worked_out_from_what_was_used(app: Flask, session: Session, cast: Cast, now: datetime) -> None:
    take_in(session, usage_text([{}]), now=now)
    invoice = invoice_from_rows(
        session,
        cast.lanting,
        rows(session),
        number="INV-U",
        issued_on=date(2026, 8, 1),
        due_on=date(2026, 9, 1),
        now=now,
    )

    with app.test_request_context():
        explanation = explain_line(invoice.lines[0])

    assert explanation.steps[0].formula == "744.50 × 0.501235"
    assert explanation.recomputed == Money(37317)


def corrected(**cells: str) -> list[dict[str, str]]:
    """Three charges, the second with other cells."""
    return [{"OrderId": "A"}, {"OrderId": "B"} | cells, {"OrderId": "C"}]


LESS = {"PretaxCharges": "100.00", "PostTaxTotal": "100.00"}


def test_a_corrected_file_is_refused_until_somebody_looked(session: Session, now: datetime) -> None:
    take_in(session, usage_text(corrected()), now=now)

    with pytest.raises(errors.CorrectsEarlierFile, match="1 charges differ, 1 are no longer in it"):
        take_in(session, usage_text(corrected(**LESS)[:2]), now=now)

    assert len(rows(session)) == 3


def test_the_differences_say_what_changes(session: Session, now: datetime) -> None:
    take_in(session, usage_text(corrected()), now=now)

    report = take_in(session, usage_text([*corrected(**LESS)[:2], {"OrderId": "D"}]), now=now, dry_run=True)

    found = report.differences
    assert found is not None
    assert (found.same, found.changed, found.gone, found.new) == (1, 1, 1, 1)
    assert [(each.before, each.after) for each in found.examples] == [
        (Money(37317), Money(10000)),
        (Money(37317), None),
    ]


def test_a_corrected_file_takes_the_place_of_the_earlier(session: Session, now: datetime) -> None:
    take_in(session, usage_text(corrected()), now=now)

    report = take_in(session, usage_text(corrected(**LESS)[:2]), now=now, replace=True)

    counting = [row for row in rows(session) if row.replaced_by_id is None]
    assert (report.added, report.known) == (1, 1)
    assert sorted((row.order_id, row.total_minor) for row in counting) == [("A", 37317), ("B", 10000)]


def test_the_earlier_file_may_be_kept(session: Session, now: datetime) -> None:
    take_in(session, usage_text(corrected()), now=now)

    take_in(session, usage_text(corrected(**LESS)), now=now, replace=False)

    assert [row.replaced_by_id for row in rows(session)] == [None] * 4


def test_the_next_month_corrects_nothing(session: Session, now: datetime) -> None:
    take_in(session, usage_text(corrected()), now=now)
    august = {"ChargeStartDate": "8/1/2026", "ChargeEndDate": "8/31/2026"}

    report = take_in(session, usage_text([cells | august for cells in corrected()]), now=now)

    assert (report.differences, report.added) == (None, 3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(data=st.data())
def test_shuffled_doubled_and_damaged_usage_files_end_in_words(
    session: Session, now: datetime, data: st.DataObject
) -> None:
    columns = data.draw(st.permutations(USAGE))
    cell = st.sampled_from(["", "=1+1", '=cmd|"/c calc"!A1', "@SUM(A1)", "-5", "1e9", "\x00", "９", "a\nb", "7/1/2026"])
    changed = data.draw(st.dictionaries(st.sampled_from(USAGE), cell, max_size=3))
    content = usage_text([{}, changed, {}], columns=columns).encode()
    cut = data.draw(st.integers(0, len(content)))
    before = len(rows(session))

    try:
        report = import_reconciliation(session, io.BytesIO(content[:cut]), name="fuzz.csv", now=now, options=USAGE_FILE)
    except DomainError:
        assert len(rows(session)) == before
    else:
        assert len(rows(session)) == before + report.added


def test_files_count_from_their_last_row_on(session: Session, now: datetime) -> None:
    take_in(session, usage_text([{}]), now=now)

    done = select(func.count()).select_from(ReconciliationFile).where(ReconciliationFile.completed_at.is_not(None))
    assert session.scalars(done).one() == 1
