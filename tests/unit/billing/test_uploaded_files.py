"""Uploaded files: the worker checks them, takes them in when told to, and survives being killed."""

from __future__ import annotations

import csv
import io
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.app import create_app
from helpdesk.billing.bills.file import TEMPLATE
from helpdesk.billing.jobs import next_import
from helpdesk.billing.models import (
    BillingImport,
    ImportKind,
    ImportState,
    Invoice,
    InvoiceStatus,
    ReconciliationFile,
    ReconciliationRow,
)
from helpdesk.billing.rules.imports import TRANSITIONS, ImportMoved, ImportNotReady, check_import_move
from helpdesk.billing.services import receive_import, want_import
from helpdesk.db import Base
from helpdesk.extensions import db
from helpdesk.files.errors import ContentDisagrees, FileInfected, FileRefused, FileTypeRefused
from helpdesk.files.quarantine import rescan
from helpdesk.files.scanning import Clamd, NoScanner
from helpdesk.files.store import MemoryFileStore, file_store, local_store
from helpdesk.limits import REQUEST_MAX_BYTES
from tests.cast import Cast, make_cast
from tests.conftest import NOW, drop_database, fresh_database_url, make_settings
from tests.unit.billing.making import add_subscription, csv_text
from tests.unit.files.samples import pdf
from tests.unit.files.test_scanning import EICAR, clamd, silent


def upload(
    app: Flask, session: Session, cast: Cast, text: str, *, kind: ImportKind = ImportKind.LICENSE, now: datetime
) -> BillingImport:
    with app.app_context():
        store = file_store(app.config["HELPDESK"])
    return receive_import(
        session,
        io.BytesIO(text.encode()),
        name="july.csv",
        kind=kind,
        billed_on=date(2026, 8, 2),
        store=store,
        by=cast.mei,
        now=now,
    )


def worked(app: Flask, session: Session, row: BillingImport) -> BillingImport:
    session.commit()
    assert next_import(app)
    session.refresh(row)
    return row


def count(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(ReconciliationRow)).one()


def test_a_file_is_looked_at_first_and_nothing_changes(app: Flask, session: Session, cast: Cast, now: datetime) -> None:
    row = worked(app, session, upload(app, session, cast, csv_text([{}, {"Quantity": "ten"}]), now=now))

    assert (row.state, row.rows, row.added, row.bad_count) == (ImportState.CHECKED, 2, 1, 1)
    assert row.bad[0]["line"] == 3
    assert row.bad[0]["column"] == "Quantity"
    assert count(session) == 0


def test_the_rejects_file_holds_each_bad_row_with_its_reason(
    app: Flask, session: Session, cast: Cast, now: datetime
) -> None:
    bad = {"Quantity": "ten", "SubscriptionDescription": "=cmd|1"}
    row = worked(app, session, upload(app, session, cast, csv_text([{}, bad]), now=now))

    with app.app_context(), file_store(app.config["HELPDESK"]).open(row.rejects_sha256 or "") as stream:
        lines = list(csv.reader(io.StringIO(stream.read().decode("utf-8-sig"))))
    assert lines[0][:4] == ["Line", "Column", "Reason", "PartnerId"]
    assert lines[1][:3] == ["3", "Quantity", "“ten” is not a number like 1,234.50."]
    assert lines[1][-1] == "'=cmd|1"


def test_the_reasons_in_the_rejects_file_are_in_the_language_of_who_sent_it(
    app: Flask, session: Session, cast: Cast, now: datetime
) -> None:
    cast.mei.locale = "zh-Hans"
    row = worked(app, session, upload(app, session, cast, csv_text([{"Quantity": "ten"}]), now=now))

    with app.app_context(), file_store(app.config["HELPDESK"]).open(row.rejects_sha256 or "") as stream:
        assert "“ten”不是 1,234.50 这样的数字。" in stream.read().decode("utf-8-sig")


def test_good_rows_go_in_only_when_that_is_said(app: Flask, session: Session, cast: Cast, now: datetime) -> None:
    row = worked(app, session, upload(app, session, cast, csv_text([{}, {"Quantity": "ten"}]), now=now))

    with pytest.raises(ImportNotReady):
        want_import(session, row, skip_bad=False, replace=True, by=cast.mei, now=now)
    want_import(session, row, skip_bad=True, replace=True, by=cast.mei, now=now)
    worked(app, session, row)

    assert (row.state, row.added, count(session)) == (ImportState.DONE, 1, 1)
    assert session.scalars(select(ReconciliationFile)).one().billed_on == date(2026, 8, 2)


def test_a_hopeless_file_is_refused_with_a_sentence(app: Flask, session: Session, cast: Cast, now: datetime) -> None:
    row = worked(app, session, upload(app, session, cast, "a,b\r\n1,2\r\n", now=now))

    assert row.state is ImportState.REFUSED
    assert row.refusal is not None
    assert row.refusal["sentence"].startswith("These columns are missing")


def test_a_file_that_a_living_worker_has_is_left_to_it(app: Flask, session: Session, cast: Cast, now: datetime) -> None:
    row = upload(app, session, cast, csv_text([{}]), now=now)
    row.claimed_by, row.updated_at = "another:1", datetime.now(now.tzinfo)
    session.commit()

    assert not next_import(app)


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [("july.xlsx", b"PK", FileTypeRefused), ("july.csv", pdf(), ContentDisagrees), ("july.csv", EICAR, FileInfected)],
)
def test_what_is_no_table_or_infected_is_not_kept(
    session: Session, cast: Cast, name: str, content: bytes, refusal: type[FileRefused]
) -> None:
    store = MemoryFileStore()

    with clamd() as fake, pytest.raises(refusal):
        receive_import(
            session, io.BytesIO(content), name=name, kind=ImportKind.LICENSE, billed_on=date(2026, 8, 2),
            store=store, scanner=Clamd(fake.place), by=cast.mei, now=NOW,
        )  # fmt: skip

    assert store.contents == {}


@pytest.mark.parametrize("size", [10, REQUEST_MAX_BYTES + 1])
def test_while_the_scanner_is_down_or_a_file_is_large_it_waits_and_then_goes_on(
    app: Flask, session: Session, cast: Cast, now: datetime, size: int
) -> None:
    store = local_store(app.config["HELPDESK"])
    content = csv_text([{}]).encode() + b"\r\n" * (size // 2)
    with clamd() as fake:
        scanner = silent() if size == 10 else Clamd(fake.place)
        row = receive_import(
            session, io.BytesIO(content), name="july.csv", kind=ImportKind.LICENSE, billed_on=date(2026, 8, 2),
            store=store, scanner=scanner, by=cast.mei, now=now,
        )  # fmt: skip
        assert fake.heard == []
    session.commit()

    assert not next_import(app)
    with clamd() as fake:
        rescan(store, Clamd(fake.place), store.waiting())
    assert next_import(app)
    session.refresh(row)
    assert row.state is ImportState.CHECKED


def test_a_large_file_waits_for_no_scanner_where_none_is_set_up(
    app: Flask, session: Session, cast: Cast, now: datetime
) -> None:
    content = csv_text([{}]).encode() + b"\r\n" * (REQUEST_MAX_BYTES // 2)
    row = receive_import(
        session, io.BytesIO(content), name="july.csv", kind=ImportKind.LICENSE, billed_on=date(2026, 8, 2),
        store=local_store(app.config["HELPDESK"]), scanner=NoScanner(), by=cast.mei, now=now,
    )  # fmt: skip

    assert worked(app, session, row).state is ImportState.CHECKED


@pytest.mark.parametrize("before", ImportState)
@pytest.mark.parametrize("after", ImportState)
def test_a_file_goes_only_where_the_table_says(before: ImportState, after: ImportState) -> None:
    if after in TRANSITIONS[before]:
        check_import_move(before, after)
        return
    with pytest.raises(ImportMoved):
        check_import_move(before, after)


def bills(*changes: dict[str, str]) -> str:
    """The template, its customer's rows changed."""
    out = io.StringIO()
    writer = csv.DictWriter(out, TEMPLATE[0], lineterminator="\r\n")
    writer.writeheader()
    for line, change in zip(TEMPLATE[1:], [*changes, {}, {}][:2], strict=True):
        writer.writerow(dict(zip(TEMPLATE[0], line, strict=True)) | change)
    return out.getvalue()


def take_bills(app: Flask, session: Session, cast: Cast, text: str, now: datetime) -> BillingImport:
    row = worked(app, session, upload(app, session, cast, text, kind=ImportKind.INVOICES, now=now))
    if row.added:
        want_import(session, row, skip_bad=True, replace=True, by=cast.mei, now=now)
        worked(app, session, row)
    return row


def test_the_template_is_an_invoice_that_can_be_imported(
    app: Flask, session: Session, cast: Cast, now: datetime
) -> None:
    row = take_bills(app, session, cast, bills(), now)

    invoice = session.scalars(select(Invoice)).one()
    assert (row.state, row.added, invoice.status) == (ImportState.DONE, 1, InvoiceStatus.DRAFT)
    assert sum(line.total_minor for line in invoice.lines) == 302400 + 18144 - 9600 - 576


def test_the_same_invoices_twice_change_nothing(app: Flask, session: Session, cast: Cast, now: datetime) -> None:
    take_bills(app, session, cast, bills(), now)

    row = take_bills(app, session, cast, bills(), now)

    assert (row.added, row.known) == (0, 1)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ([{"Customer": "nobody.example"}, {"Customer": "nobody.example"}], "Customer"),
        ([{}, {"Currency": "USD"}], "Currency"),
        ([{"SubscriptionId": "SUB-X"}], "SubscriptionId"),
        ([{"DueOn": "2026-01-01"}, {"DueOn": "2026-01-01"}], "DueOn"),
        ([{"Amount": "much"}], "Amount"),
    ],
)
def test_an_invoice_with_a_bad_row_stays_out_whole(
    app: Flask, session: Session, cast: Cast, *, now: datetime, changes: list[dict[str, str]], column: str
) -> None:
    row = take_bills(app, session, cast, bills(*changes), now)

    assert column in {bad["column"] for bad in row.bad}
    assert (row.added, row.bad_count) == (0, 2)
    assert session.scalars(select(Invoice)).all() == []


def test_a_number_that_is_taken_is_refused(app: Flask, session: Session, cast: Cast, now: datetime) -> None:
    take_bills(app, session, cast, bills(), now)

    row = take_bills(app, session, cast, bills({"Amount": "1.00"}), now)

    assert "it says something else" in row.bad[0]["reason"]


def test_a_line_finds_its_subscription_by_either_id(app: Flask, session: Session, cast: Cast, now: datetime) -> None:
    subscription = add_subscription(session, cast.lanting)

    take_bills(app, session, cast, bills({"SubscriptionId": subscription.vnet_subscription_id}), now)

    assert session.scalars(select(Invoice)).one().lines[0].subscription is subscription


@contextmanager
def installation(folder: Path, worker: str) -> Iterator[tuple[Flask, str]]:
    """An application of its own, whose changes last."""
    url = fresh_database_url(folder, f"{worker}_killed")
    app = create_app(make_settings(folder, url), TESTING=True)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    yield app, url
    with app.app_context():
        db.engine.dispose()
    drop_database(url)


def test_a_killed_import_leaves_nothing_that_counts_and_goes_on(tmp_path: Path, worker_name: str) -> None:
    rows = 30_000
    text = csv_text({"OrderId": f"O-{number}", "SubscriptionId": f"S-{number}"} for number in range(rows))
    with installation(tmp_path, worker_name) as (app, url):
        with app.app_context(), db.sessionmaker() as session:
            row = upload(app, session, make_cast(session, now=NOW), text, now=NOW)
            row.state, row.rows = ImportState.WANTED, rows
            session.commit()
        child = subprocess.Popen([sys.executable, "-m", "tests.unit.billing.importing", str(tmp_path), url])
        with app.app_context(), db.engine.connect() as connection:
            stored = sa.text("SELECT count(*) FROM (SELECT 1 FROM reconciliation_row LIMIT 1) AS one")
            while child.poll() is None and not _seen(connection, stored):
                time.sleep(0.01)
        child.send_signal(signal.SIGKILL)
        child.wait()

        with app.app_context(), db.sessionmaker() as session:
            assert 0 < count(session) < rows
            assert session.scalars(select(ReconciliationFile)).one().completed_at is None
            session.execute(sa.update(BillingImport).values(updated_at=NOW))
            session.commit()
        assert next_import(app)

        with app.app_context(), db.sessionmaker() as session:
            done = session.scalars(select(BillingImport)).one()
            assert (done.state, done.added, count(session)) == (ImportState.DONE, rows, rows)
            assert session.scalars(select(ReconciliationFile)).one().completed_at is not None


def _seen(connection: sa.Connection, statement: sa.TextClause) -> bool:
    found = connection.execute(statement).scalar_one()
    connection.rollback()
    return bool(found)
