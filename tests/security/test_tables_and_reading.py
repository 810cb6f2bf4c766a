"""What leaves as a table runs in no spreadsheet, and what is only read changes nothing."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from helpdesk.accounts.models import Customer, User
from helpdesk.billing.models import InvoiceLine, ReconciliationRow, Subscription
from tests.security.house import DOOR, House
from tests.security.matrix import LET_IN, rows

COUNTED = {
    "article_reads", "article_translation", "audit_entry", "notice_view", "notification", "search_log",
    "suggestion_opened", "ticket_presence", "user_session",
}  # fmt: skip
"""What reading leaves behind: counts, who looked, when somebody was last here, an article's neighbours once a week."""
_WRITES = re.compile(r"^(?:INSERT INTO|UPDATE|DELETE FROM) \"?(\w+)")
_RUNS = ("=", "+", "@", "\t", "\r")


@contextmanager
def written(house: House) -> Iterator[set[str]]:
    """The tables that are written to meanwhile."""
    tables: set[str] = set()

    def note(_connection: sa.Connection, _cursor: object, statement: str, *_more: object) -> None:
        if (found := _WRITES.match(statement)) is not None:
            tables.add(found[1])

    event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield tables
    finally:
        event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("who", DOOR)
def test_reading_writes_down_that_it_was_read_and_nothing_else(house: House, who: str) -> None:
    changed = {}
    for row in rows():
        if row.method == "GET" and row.outcome[who] == LET_IN:
            with written(house) as tables:
                house.knock(who, "GET", house.path(row.endpoint, house.objects[row.object]))
            if tables - COUNTED:
                changed[row.endpoint] = tables - COUNTED

    assert changed == {}


@pytest.mark.parametrize("who", ["contact", "lead", "admin"])
def test_no_cell_of_any_table_is_a_formula(house: House, who: str) -> None:
    tables = {}
    with house.undone():
        for column in (
            Customer.name, User.name, InvoiceLine.description, Subscription.offer_name, ReconciliationRow.offer_name,
        ):  # fmt: skip
            house.connection.execute(sa.update(column.class_).values({column.key: sa.literal("=1+") + column}))
        for row in rows():
            if row.method == "GET" and row.outcome[who] == LET_IN:
                answer = house.knock(who, "GET", house.path(row.endpoint, house.objects[row.object]))
                if answer.mimetype == "text/csv":
                    tables[row.endpoint] = answer.get_data(as_text=True).lstrip("\ufeff")
    cells = {name: [cell for line in csv.reader(io.StringIO(text)) for cell in line] for name, text in tables.items()}

    assert len(tables) >= {"contact": 1, "lead": 4, "admin": 5}[who]
    assert any("=1+" in cell for each in cells.values() for cell in each)
    assert [(name, cell) for name, each in cells.items() for cell in each if cell.startswith(_RUNS)] == []
    assert [
        (name, cell)
        for name, each in cells.items()
        for cell in each
        if cell.startswith("-") and not re.fullmatch(r"-[\d.,]+", cell)
    ] == []
