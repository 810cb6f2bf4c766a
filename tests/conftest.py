"""Fixtures: one application, a database that forgets after each test, people, and a critical browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from helpdesk.accounts import passwords
from helpdesk.app import create_app
from helpdesk.config import Settings
from helpdesk.extensions import db, migrations
from tests.browse import Browse
from tests.cast import Cast, make_cast
from tests.chromium import chromium, chromium_path  # noqa: F401 - fixtures

SECRET_KEY = "a secret for tests that is long enough to pass"  # noqa: S105 - not a secret
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""A Tuesday, 10:00 in Beijing."""


def _server_url() -> sa.URL:
    return sa.make_url(os.environ["HELPDESK_TEST_DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1))


def fresh_database_url(folder: Path, worker: str) -> str:
    """A new, empty database: a file, or a database of its own on the PostgreSQL server that is configured."""
    if not os.environ.get("HELPDESK_TEST_DATABASE_URL"):
        return f"sqlite:///{folder / 'test.db'}"
    url = _server_url()
    name = f"helpdesk_test_{worker}_{os.getpid()}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.exec_driver_sql(
            f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
        )
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


def drop_database(url: str) -> None:
    """Take the database away again; a file goes with its folder."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return
    engine = sa.create_engine(_server_url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{parsed.database}" WITH (FORCE)')
    engine.dispose()


def make_settings(folder: Path, database_url: str) -> Settings:
    """Settings of a test installation under `folder`."""
    return Settings(
        var=folder / "var",
        database_url=database_url,
        secret_key=SECRET_KEY,
        rate_limits="off",
        sqlite_synchronous="NORMAL",
        base_url="http://localhost",
        log_level="CRITICAL",
    )


@pytest.fixture(scope="session", autouse=True)
def product_hasher() -> Iterator[PasswordHasher]:
    """Hash passwords with the least work, for speed; gives the product's own hasher to the test that checks it."""
    earlier = passwords.HASHER
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # type: ignore[misc] # only here
    passwords.nobodys_hash.cache_clear()
    yield earlier
    passwords.HASHER = earlier  # type: ignore[misc] # only here
    passwords.nobodys_hash.cache_clear()


@pytest.fixture(scope="session")
def worker_name() -> str:
    """The name of this pytest-xdist worker."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, worker_name: str) -> Iterator[Flask]:
    """The application on a migrated, empty database."""
    folder = tmp_path_factory.mktemp("app")
    url = fresh_database_url(folder, worker_name)
    application = create_app(make_settings(folder, url), TESTING=True, WTF_CSRF_ENABLED=False)
    with application.app_context():
        migrations.upgrade()
    yield application
    with application.app_context():
        db.engine.dispose()
    drop_database(url)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session whose every change, and every request's change, is undone after the test."""
    with app.app_context():
        engine, maker = db.engine, db.sessionmaker
    connection = engine.connect()
    transaction = connection.begin()
    maker.configure(bind=connection, join_transaction_mode="create_savepoint")
    session = maker()
    yield session
    session.close()
    transaction.rollback()
    connection.close()
    maker.configure(bind=engine, join_transaction_mode="conditional_savepoint")
    shutil.rmtree(app.config["HELPDESK"].var / "search", ignore_errors=True)  # an index on disk is not rolled back


@pytest.fixture
def now() -> datetime:
    """The moment at which the tests play."""
    return NOW


@pytest.fixture
def cast(session: Session, now: datetime) -> Cast:
    """The people of the play, saved."""
    return make_cast(session, now=now)


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    """A plain test client in the test's transaction."""
    del session
    return app.test_client()


@pytest.fixture
def browse(client: FlaskClient) -> Browse:
    """A client that checks each page it fetches."""
    return Browse(client)
