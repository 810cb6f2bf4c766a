"""The audit trail: what is written down without anyone asking, and how it is read."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.audit.models import AuditEntry
from helpdesk.audit.services import record
from helpdesk.system.trail.labels import KINDS
from helpdesk.system.trail.queries import PAGE
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.tickets.scenes import invoice_line, opened
from tests.web.tickets.statements import Statements

TRAIL = "/work/administration/trail"


def entries(session: Session, action: str) -> list[AuditEntry]:
    return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def test_staff_who_look_at_a_customers_data_are_written_down_once_a_day(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    line = invoice_line(session, cast.lanting)
    session.commit()
    browse.sign_in(cast.tom)

    for path in (
        f"/work/customers/{cast.lanting.public_id}",
        f"/work/tickets/{ticket.ref}",
        f"/invoices/{line.invoice.number}",
        f"/invoices/lines/{line.public_id}",
        f"/work/collections/{cast.lanting.public_id}",
    ):
        browse.client.get(path).close()
    browse.sign_in(cast.mei).client.get(f"/work/tickets/{ticket.ref}").close()

    seen = entries(session, "customer.seen")
    assert [(row.actor_id, row.object_id) for row in seen] == [
        (cast.tom.id, cast.lanting.public_id),
        (cast.mei.id, cast.lanting.public_id),
    ]


def test_a_customer_who_looks_at_their_own_is_not_written_down(browse: Browse, session: Session, cast: Cast) -> None:
    line = invoice_line(session, cast.lanting)
    session.commit()

    browse.sign_in(cast.wang_fang).client.get(f"/invoices/{line.invoice.number}").close()

    assert entries(session, "customer.seen") == []


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("wang_fang", "/invoices/INV-2026-0042/lines.csv"),
        ("root", "/work/collections/overview.csv"),
        ("root", "/work/billing/reconcile.csv"),
        ("emma", "/work/articles/export.zip"),
        ("root", f"{TRAIL}/trail.csv"),
    ],
)
def test_every_table_and_archive_that_leaves_the_house_is_written_down(
    browse: Browse, session: Session, cast: Cast, who: str, path: str
) -> None:
    invoice_line(session, cast.lanting)
    session.commit()

    answer = browse.sign_in(getattr(cast, who)).client.get(path)
    answer.close()

    assert answer.status_code == 200
    exported = entries(session, "export.made")
    assert [(row.actor_id, row.after) for row in exported] == [(getattr(cast, who).id, {"address": path})]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("?action=collections", {"policy.published"}),
        ("?action=accounts", {"user.signed_in"}),
        ("?kind=ticket", {"ticket.opened"}),
        ("?actor=mei", {"policy.published"}),
        ("?customer=兰亭", {"ticket.opened", "user.signed_in"}),
        ("?object=T-77", {"ticket.opened"}),
        ("?object=t-77", {"ticket.opened"}),
        ("?kind=customer&object=T-77", set()),
        ("?action=user.signed_in", {"user.signed_in"}),
        ("?since=2026-11-25", set()),
        ("?until=2026-11-23", set()),
        (
            "?since=not-a-day&action=x&kind=password&order_by=password_hash",
            {"policy.published", "ticket.opened", "user.signed_in"},
        ),
    ],
)
def test_filters_narrow_the_trail(  # noqa: PLR0917 - two of them are parameters
    browse: Browse, session: Session, cast: Cast, now: datetime, address: str, found: set[str]
) -> None:
    ticket = opened(session, cast.wang_fang, now)
    ticket.number = 77
    session.flush()
    record(session, "user.signed_in", object_type="user", object_id=cast.li_na.id, actor_id=cast.li_na.id, now=now)
    record(session, "ticket.opened", object_type="ticket", object_id="T-77", actor_id=None, now=now)
    record(session, "policy.published", object_type="collections_policy", object_id=9, actor_id=cast.mei.id, now=now)
    session.commit()

    text = browse.sign_in(cast.root).client.get(f"{TRAIL}/trail.csv{address}").text

    deeds = {row[3] for row in csv.reader(io.StringIO(text))}
    assert deeds & {"policy.published", "ticket.opened", "user.signed_in"} == found
    browse.get(f"{TRAIL}{address}")


def test_a_cell_of_the_file_is_never_a_formula(browse: Browse, session: Session, cast: Cast, now: datetime) -> None:
    record(session, "ticket.opened", object_type="ticket", object_id="=1+1", actor_id=cast.tom.id, now=now)
    session.commit()

    text = browse.sign_in(cast.root).client.get(f"{TRAIL}/trail.csv").text

    assert ",'=1+1," in text


def test_pages_follow_one_another_with_the_same_number_of_statements(
    app: Flask, browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    for number in range(2 * PAGE + 5):
        record(
            session, "ticket.noted", object_type="ticket", object_id=f"T-{number}", actor_id=cast.tom.id,
            now=now + timedelta(seconds=number),
        )  # fmt: skip
    session.commit()
    browse.sign_in(cast.root)

    with Statements(app) as few:
        browse.get(f"{TRAIL}?object=T-1")
    with Statements(app) as many:
        first = browse.get(f"{TRAIL}?action=tickets")
    second = browse.get(first.all("a", rel="next")[0]["href"])

    assert len(many.sent) == len(few.sent)
    assert "T-104" in first.text
    assert "T-104" not in second.text
    assert "T-30 " in second.text


def test_an_entry_reads_as_a_sentence_with_links_to_the_person_and_the_object(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    line = invoice_line(session, cast.lanting)
    for kind, key in (
        ("ticket", "T-77"), ("user", cast.li_na.id), ("customer", cast.lanting.public_id),
        ("invoice", line.invoice.number),
    ):  # fmt: skip
        record(session, "user.role_changed", object_type=kind, object_id=key, actor_id=cast.mei.id, now=now)
    session.commit()

    html = browse.sign_in(cast.root).client.get(f"{TRAIL}?action=user.role_changed").text

    assert html.count("Changed a person’s role") == 1 + 4
    for href, name in (
        (f"/people/{cast.mei.public_id}", cast.mei.name),
        ("/work/tickets/T-77", "T-77"),
        (f"/people/{cast.li_na.public_id}", cast.li_na.name),
        (f"/work/customers/{cast.lanting.public_id}", cast.lanting.name),
        (f"/invoices/{line.invoice.number}", line.invoice.number),
    ):
        assert f'<a href="{href}">{name}</a>' in html


@pytest.mark.parametrize(("locale", "words"), [("zh-Hans", "更改了人员角色"), ("ja", "担当者の役割を変更")])
def test_it_reads_in_the_readers_language(  # noqa: PLR0917 - two of them are parameters
    browse: Browse, session: Session, cast: Cast, now: datetime, locale: str, words: str
) -> None:
    cast.root.locale = locale
    record(session, "user.role_changed", object_type="user", object_id=1, actor_id=cast.mei.id, now=now)
    session.commit()

    page = browse.sign_in(cast.root).get(f"{TRAIL}?action=user.role_changed")

    assert f"{words} user.role_changed" in page.text


def test_people_in_the_details_are_called_by_name(browse: Browse, session: Session, cast: Cast, now: datetime) -> None:
    record(
        session, "ticket.copied", object_type="ticket", object_id="T-9", actor_id=None, now=now,
        after={"person": cast.li_na.id},
    )  # fmt: skip
    session.commit()

    page = browse.sign_in(cast.root).get(f"{TRAIL}?action=ticket.copied")

    assert f"person {cast.li_na.name}" in page.text


def test_the_file_has_keys_for_machines_and_words_for_people(
    browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    key = cast.lanting.public_id
    record(session, "collections.held", object_type="customer", object_id=key, actor_id=cast.mei.id, now=now)
    session.commit()

    text = browse.sign_in(cast.root).client.get(f"{TRAIL}/trail.csv?action=collections.held").text

    row = list(csv.reader(io.StringIO(text)))[1]
    assert row[3:8] == ["collections.held", "Put the collection on hold", "customer", key, cast.lanting.name]


def test_whatever_an_entry_is_about_it_is_shown_and_needs_as_many_statements(
    app: Flask, browse: Browse, session: Session, cast: Cast, now: datetime
) -> None:
    for kind in KINDS:
        for key in ("1", "0/ja", "unknown", "T-1", "99999999999999999999", cast.lanting.public_id, "²"):
            record(session, "ticket.noted", object_type=kind, object_id=key, actor_id=None, now=now)
    session.commit()
    browse.sign_in(cast.root)

    with Statements(app) as one_kind:
        browse.get(f"{TRAIL}?kind=customer")
    with Statements(app) as every_kind:
        page = browse.get(f"{TRAIL}?action=ticket.noted")
    for kind in KINDS:
        browse.get(f"{TRAIL}?kind={kind}")

    assert len(page.all("tr")) == PAGE + 1
    assert len(every_kind.sent) == len(one_kind.sent)


@pytest.mark.parametrize("who", ["wang_fang", "tom", "mei", "emma"])
def test_only_administrators_read_the_trail(browse: Browse, cast: Cast, who: str) -> None:
    browse.sign_in(getattr(cast, who))

    assert browse.client.get(TRAIL).status_code == 403
    assert browse.client.get(f"{TRAIL}/trail.csv").status_code == 403
