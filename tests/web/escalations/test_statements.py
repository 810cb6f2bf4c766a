"""Pages cost the same number of statements, however much is on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from helpdesk.clock import utc_now
from helpdesk.escalations.services import log_contact
from helpdesk.extensions import db
from tests.browse import Browse
from tests.cast import Cast
from tests.unit.escalations.stage import CALENDARS, filed, vnet_said


@pytest.fixture
def now() -> datetime:
    return utc_now() - timedelta(hours=1)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that are executed inside."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_ignored: object) -> None:
        if not statement.upper().startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def cost(app: Flask, session: Session, browse: Browse, path: str) -> int:
    session.commit()
    session.expire_all()
    with counted(app) as statements:
        browse.get(path)
    return len(statements)


@pytest.mark.parametrize(("path", "most"), [("/work/escalations", 5), ("/work/escalations/quality", 7)])
def test_a_list_costs_the_same_with_many_cases(  # noqa: PLR0917 - fixtures
    app: Flask, session: Session, browse: Browse, cast: Cast, now: datetime, path: str, most: int
) -> None:
    browse.sign_in(cast.mei)
    filed(session, cast, now=now)
    one = cost(app, session, browse, path)

    for _ in range(4):
        filed(session, cast, now=now)
    many = cost(app, session, browse, path)

    assert many == one <= most


def test_a_case_costs_the_same_with_a_long_thread(
    app: Flask, session: Session, browse: Browse, cast: Cast, now: datetime
) -> None:
    browse.sign_in(cast.mei)
    case = filed(session, cast, now=now)
    path = f"/work/escalations/{case.public_id}"
    log_contact(session, case, vnet_said(now), by=cast.tom, now=now, calendars=CALENDARS)
    one = cost(app, session, browse, path)

    for _ in range(5):
        log_contact(session, case, vnet_said(now), by=cast.tom, now=now, calendars=CALENDARS)
    many = cost(app, session, browse, path)

    assert many == one <= 14
