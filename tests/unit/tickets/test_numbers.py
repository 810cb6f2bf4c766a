"""Many tickets at once: every number is given out once, a double click opens one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from helpdesk.accounts.models import User
from helpdesk.app import sqlite_driver
from helpdesk.db import Base, open_sqlite_well
from helpdesk.tickets.models import Ticket, Topic
from helpdesk.tickets.services import open_ticket
from tests.cast import make_cast
from tests.conftest import drop_database, fresh_database_url
from tests.unit.tickets.scenes import CALENDAR


@pytest.fixture
def committed(tmp_path: Path, now: datetime) -> Iterator[sessionmaker[Session]]:
    """A database of its own, where transactions of several connections really end."""
    url = fresh_database_url(tmp_path, "numbers")
    is_sqlite = url.startswith("sqlite")
    engine = sa.create_engine(url, **({"module": sqlite_driver()} if is_sqlite else {}))
    if is_sqlite:
        open_sqlite_well(engine, synchronous="NORMAL")
    Base.metadata.create_all(engine)
    maker = sessionmaker(engine, expire_on_commit=False)
    with maker() as session:
        make_cast(session, now=now)
        session.commit()
    yield maker
    engine.dispose()
    drop_database(url)


def open_one(maker: sessionmaker[Session], key: str, now: datetime) -> int:
    with maker() as session:
        by = session.scalars(sa.select(User).where(User.email == "wang.fang@lanting.example")).one()
        ticket = open_ticket(
            session,
            by=by,
            topic=Topic.QUESTION,
            subject="发票",
            body="请看",
            now=now,
            calendar=CALENDAR,
            idempotency_key=key,
        )
        session.commit()
        return ticket.number


def test_no_number_is_given_out_twice(committed: sessionmaker[Session], now: datetime) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda turn: open_one(committed, f"form-{turn}", now), range(40)))

    assert sorted(numbers) == list(range(1001, 1041))


def test_a_double_click_at_the_same_moment_opens_one_ticket(committed: sessionmaker[Session], now: datetime) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = set(pool.map(lambda _turn: open_one(committed, "one form", now), range(16)))

    with committed() as session:
        assert numbers == {1001}
        assert len(session.scalars(sa.select(Ticket)).all()) == 1
