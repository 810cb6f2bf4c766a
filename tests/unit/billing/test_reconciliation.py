"""21Vianet's files: read in whatever form they come, all or nothing, never twice."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.billing.models import ReconciliationFile, ReconciliationRow
from helpdesk.billing.reconciliation import errors, values
from helpdesk.billing.reconciliation.columns import LICENSE, REQUIRED
from helpdesk.billing.reconciliation.file import ReconciliationReading
from helpdesk.billing.reconciliation.rows import Row
from helpdesk.billing.services.reconciliation import ImportOptions, import_reconciliation
from helpdesk.errors import DomainError
from tests.cast import Cast
from tests.unit.billing.making import ROW, csv_file, csv_text


def stored(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(ReconciliationRow)).one()


def first_row(content: bytes) -> Row | errors.BadRow:
    return next(iter(ReconciliationReading(io.BytesIO(content)).rows()))[1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_encoding_and_delimiter_says_the_same(encoding: str, delimiter: str) -> None:
    row = first_row(csv_text([{}], delimiter=delimiter).encode(encoding))

    assert isinstance(row, Row)
    assert (row.offer_name, row.quantity, row.total_minor) == ("Office 365 商业高级版", 15, 17490)
    assert (row.charge_start, row.charge_end) == ("2026-07-15", "2026-08-14")


def test_the_header_is_read_whatever_its_case_and_order() -> None:
    columns = list(reversed(LICENSE))
    header = ",".join(
        {"PartnerId": "PartnerID", "CustomerId": "CustomerID", "MpnId": "MPNID"}.get(c, c.upper()) for c in columns
    )

    row = first_row(csv_text([{}], columns=columns, header=header).encode())

    assert isinstance(row, Row)
    assert row.tenant_id == ROW["CustomerId"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_line_that_excel_writes_above_the_header_is_no_header(separator: str) -> None:
    text = f"sep={separator}\r\n" + csv_text([{}, {"Quantity": "ten"}], delimiter=separator)

    good, bad = (row for _line, row, _cells in ReconciliationReading(io.BytesIO(text.encode())).rows())

    assert isinstance(good, Row)
    assert isinstance(bad, errors.BadRow)
    assert (bad.line, bad.column) == (4, "Quantity")


@pytest.mark.parametrize("written", ["Prorate fee when purchase", "PRORATE  FEES WHEN PURCHASE"])
def test_a_charge_type_is_known_whether_it_says_fee_or_fees(written: str) -> None:
    assert values.charge_type(written) == "Prorate fees when purchase"


@pytest.mark.parametrize(
    "written",
    [
        "2/28/2015 23:59",
        "02/28/2015",
        "2015-02-28",
        "2015-02-28T23:59:00Z",
        "2015-02-28 23:59",
        "2/28/2015 11:59:59 PM",
    ],
)
def test_dates_are_read_as_the_years_wrote_them(written: str) -> None:
    assert values.day(written) == date(2015, 2, 28)


@pytest.mark.parametrize(
    "written", ["28/2/2015", "2/29/2015", "2015-2-28", "20150228", "", "tomorrow", "0/1/2015", "１/1/2015 x"]
)
def test_a_date_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(errors.BadValue):
        values.day(written)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,234.50", "1234.50"),
        ("-1,234,567.8", "-1234567.8"),
        ("12", "12"),
        (".5", "0.5"),
        ("(165.00)", "-165"),
        ("¥7", "7"),
    ],
)
def test_numbers_may_have_separators(written: str, value: str) -> None:
    assert values.decimal(written) == Decimal(value)


@pytest.mark.parametrize(
    "written", ["", "-", ".", "1,23", "1.2.3", "1e9", "NaN", "=1+1", "１２", "9" * 41, "9999999999999"]
)
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(errors.BadValue):
        values.decimal(written)


def test_rows_are_stored_with_all_that_escalation_needs(session: Session, cast: Cast, now: datetime) -> None:
    report = import_reconciliation(session, csv_file([{}, {"OrderId": "ORD-8"}]), name="july.csv", now=now, by=cast.tom)

    row = session.scalars(select(ReconciliationRow).order_by(ReconciliationRow.id)).first()
    assert (report.rows, report.added, report.known) == (2, 2, 0)
    assert row is not None
    assert (row.order_id, row.vnet_subscription_id, row.unit_price) == ("ORD-7F31", "VSUB-1", Decimal("11.00"))
    assert row.raw["MpnId"] == "4390934"
    assert row.line_number == 2


def test_the_same_file_twice_changes_nothing(session: Session, now: datetime) -> None:
    import_reconciliation(session, csv_file([{}]), name="july.csv", now=now)

    report = import_reconciliation(session, csv_file([{}]), name="again.csv", now=now)

    assert (report.is_known, report.added, stored(session)) == (True, 0, 1)


def test_the_same_rows_in_another_form_are_not_stored_twice(session: Session, now: datetime) -> None:
    import_reconciliation(session, csv_file([{}, {"Quantity": "15.0"}]), name="july.csv", now=now)
    other = csv_text([{"ChargeStartDate": "2026-07-15", "UnitPrice": "11"}, {}, {"OrderId": "NEW"}], delimiter=";")

    report = import_reconciliation(session, io.BytesIO(other.encode("utf-16")), name="same.csv", now=now)

    assert (report.added, report.known, stored(session)) == (1, 2, 3)


def test_two_equal_charges_of_one_file_both_count(session: Session, now: datetime) -> None:
    report = import_reconciliation(session, csv_file([{}, {}, {}]), name="july.csv", now=now)

    assert (report.added, stored(session)) == (3, 3)


def test_one_bad_row_and_nothing_is_imported(session: Session, now: datetime) -> None:
    rows = [{}, {"Quantity": "ten"}, {"ChargeType": "Magic fee"}, {"CustomerId": "x"}, {"Subtotal": "1.00"}]

    with pytest.raises(errors.RowsRefused) as refusal:
        import_reconciliation(session, csv_file(rows), name="july.csv", now=now)

    assert [(bad.line, bad.column) for bad in refusal.value.bad] == [
        (3, "Quantity"),
        (4, "ChargeType"),
        (5, "CustomerId"),
        (6, "Subtotal"),
    ]
    assert "line 3, Quantity: “ten” is not a number" in str(refusal.value)
    assert stored(session) == 0
    assert session.scalars(select(ReconciliationFile)).all() == []


def test_the_good_rows_go_in_when_that_is_asked(session: Session, now: datetime) -> None:
    options = ImportOptions(skip_bad=True)

    report = import_reconciliation(session, csv_file([{}, {"Tax": "?"}]), name="july.csv", now=now, options=options)

    assert (report.added, report.bad_count, stored(session)) == (1, 1, 1)


def test_a_dry_run_counts_and_leaves_no_trace(session: Session, now: datetime) -> None:
    report = import_reconciliation(
        session, csv_file([{}, {}]), name="july.csv", now=now, options=ImportOptions(dry_run=True)
    )

    assert (report.added, stored(session), session.scalars(select(ReconciliationFile)).all()) == (2, 0, [])


def test_a_row_with_too_few_cells_is_named_by_its_line(session: Session, now: datetime) -> None:
    text = csv_text([{}, {}]) + "a,b,c\r\n"

    with pytest.raises(errors.RowsRefused, match="line 4: 3 cells where the header has 27"):
        import_reconciliation(session, io.BytesIO(text.encode()), name="july.csv", now=now)


def test_line_numbers_count_lines_inside_quotes() -> None:
    file = csv_file([{"SubscriptionDescription": "two\nlines"}, {"Quantity": "x"}])

    bad = [row for _, row, _ in ReconciliationReading(file).rows() if isinstance(row, errors.BadRow)]

    assert [row.line for row in bad] == [4]


def test_a_quote_that_never_ends_is_a_bad_row_not_a_crash(session: Session, now: datetime) -> None:
    text = csv_text([{}]) + '"never closed, ' + "x" * 200_000

    with pytest.raises(DomainError):
        import_reconciliation(session, io.BytesIO(text.encode()), name="july.csv", now=now)
    assert stored(session) == 0


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", b"0" * 10_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", errors.FileEmpty),
        (b"\xff\xfe\xff", errors.NotText),
        (zip_bomb(), errors.NotText),
        (b"PNG\x00\x00\x00 not text", errors.NotText),
        (csv_text([]).encode(), errors.NoRows),
        (b"a,b,c\r\n1,2,3\r\n", errors.ColumnsMissing),
        (",".join(f"c{n}" for n in range(10_000)).encode(), errors.TooManyColumns),
        (b"x" * 200_000, errors.LineTooLong),
        ((",".join([*REQUIRED, "ORDERID"]) + "\r\n").encode(), errors.ColumnTwice),
        (csv_text([{}, {"Currency": "USD"}]).encode(), errors.CurrenciesInFile),
    ],
)
def test_a_hopeless_file_is_refused_in_words(
    session: Session, now: datetime, content: bytes, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal) as told:
        import_reconciliation(session, io.BytesIO(content), name="x.csv", now=now)

    assert "%(" not in str(told.value)
    assert stored(session) == 0


def test_an_unknown_kind_is_refused(session: Session, now: datetime) -> None:
    with pytest.raises(errors.KindUnknown):
        import_reconciliation(session, csv_file([{}]), name="x", now=now, options=ImportOptions(kind="onetime"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(cut=st.integers(0, 2000), noise=st.binary(max_size=40), at=st.integers(0, 2000))
def test_a_damaged_file_is_imported_whole_or_refused_in_words(
    session: Session, now: datetime, cut: int, noise: bytes, at: int
) -> None:
    content = csv_text([{}, {"OrderId": "B"}, {"SubscriptionDescription": '=cmd|"x"'}]).encode()
    damaged = content[:at] + noise + content[at : max(at, len(content) - cut)]
    before = stored(session)

    try:
        report = import_reconciliation(session, io.BytesIO(damaged), name="damaged.csv", now=now)
    except DomainError:
        assert stored(session) == before
    else:
        assert stored(session) == before + report.added


def test_an_empty_discount_or_tax_is_none_as_long_as_the_sums_agree(session: Session, now: datetime) -> None:
    agreeing = {"TotalOtherDiscount": "", "Tax": "", "TotalForCustomer": ROW["Subtotal"]}

    assert import_reconciliation(session, csv_file([agreeing]), name="a.csv", now=now).added == 1
    with pytest.raises(errors.RowsRefused, match="TotalForCustomer"):
        import_reconciliation(session, csv_file([agreeing | {"TotalForCustomer": "1.00"}]), name="b.csv", now=now)
