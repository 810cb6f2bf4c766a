"""An installation of its own, whose commits are real, for what only several connections can show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from helpdesk.app import create_app
from helpdesk.db import Base
from helpdesk.extensions import db
from helpdesk.notifications.models import OutboxMessage
from helpdesk.notifications.services import Recipient, queue_mail
from tests.cast import make_cast
from tests.conftest import drop_database, fresh_database_url, make_settings

QueueOne = Callable[..., OutboxMessage]


def put(
    session: Session, recipient: Recipient, *, now: datetime, key: str = "1", group: str = "ticket:7", kind: str = ""
) -> OutboxMessage:
    """Queue one mail of a kind that exists."""
    return queue_mail(
        session,
        kind=kind or "password_changed",
        recipient=recipient,
        subject_type="ticket",
        subject_id=7,
        group_key=group,
        dedupe_key=f"mail:{key}",
        payload={"at": now.isoformat(), "url": "/account"},
        now=now,
    )


@pytest.fixture
def in_app(app: Flask, session: Session) -> Iterator[Flask]:
    """The application's context, in the test's transaction."""
    del session
    with app.app_context():
        yield app


@pytest.fixture
def house(tmp_path: Path, worker_name: str) -> Iterator[Flask]:
    """An application on a database that really commits."""
    url = fresh_database_url(tmp_path, f"house_{worker_name}")
    application = create_app(make_settings(tmp_path, url), TESTING=True)
    with application.app_context():
        Base.metadata.create_all(db.engine)
    yield application
    with application.app_context():
        db.engine.dispose()
    drop_database(url)


@pytest.fixture
def full_outbox(house: Flask, now: datetime) -> int:
    """Thirty-six mails to three people in six groups, waiting."""
    with house.app_context(), db.sessionmaker.begin() as session:
        cast = make_cast(session, now=now)
        people = (cast.wang_fang, cast.sato, cast.tom)
        for number in range(36):
            put(session, people[number % 3], now=now, key=str(number), group=f"ticket:{number % 6}")
    return 36
