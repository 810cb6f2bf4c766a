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
        ("?area=policy", {"policy.published"}),
        ("?actor=mei", {"policy.published"}),
        ("?customer=兰亭", {"ticket.opened", "user.signed_in"}),
        ("?object=T-77", {"ticket.opened"}),
        ("?action=signed", {"user.signed_in"}),
        ("?since=2026-11-25", set()),
        ("?until=2026-11-23", set()),
        (
            "?since=not-a-day&area=x&order_by=password_hash",
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
        first = browse.get(f"{TRAIL}?area=ticket")
    second = browse.get(first.all("a", rel="next")[0]["href"])

    assert len(many.sent) == len(few.sent)
    assert "T-104" in first.text
    assert "T-104" not in second.text
    assert "T-30 " in second.text


@pytest.mark.parametrize("who", ["wang_fang", "tom", "mei", "emma"])
def test_only_administrators_read_the_trail(browse: Browse, cast: Cast, who: str) -> None:
    browse.sign_in(getattr(cast, who))

    assert browse.client.get(TRAIL).status_code == 403
    assert browse.client.get(f"{TRAIL}/trail.csv").status_code == 403
