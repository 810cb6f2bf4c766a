"""The declarative base, the column types, and how SQLite is opened."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Dialect, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
KEPT_FILE = {"kept_file": True}
"""`info` of a column that holds the hash of a file in the file store."""
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; a naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time to UTC; SQLite keeps it without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "naive datetime"
            raise ValueError(msg)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def closed_set(kind: type[StrEnum]) -> sa.Enum:
    """Column type of a closed set: text, checked in the database too."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=40,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def json_column() -> sa.types.TypeEngine[Any]:
    """JSON, as jsonb on PostgreSQL."""
    from sqlalchemy.dialects.postgresql import JSONB

    return sa.JSON().with_variant(JSONB(), "postgresql")


def public_id() -> str:
    """A short identifier that nobody guesses (16 characters, 79 bits)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(16))


class Base(DeclarativeBase):
    """All tables of the product."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy's own name and form


Row = TypeVar("Row", bound=Base)


def locked(session: Session, row: Row) -> Row:
    """The row as it is now, for whoever is about to change it: nobody else does before this transaction ends.

    Whoever comes second waits, and then sees what the first one did. SQLite lets only one write at a time anyway.
    """
    session.flush()
    identity = sa.inspect(row).identity
    return session.get_one(type(row), identity, populate_existing=True, with_for_update={"key_share": True})


_rebuilding: ContextVar[bool] = ContextVar("rebuilding", default=False)


@contextmanager
def rebuilding_tables(engine: Engine) -> Iterator[None]:
    """Migrate inside: SQLite changes a table by making it anew, and must not take the old one's rows for deleted.

    Foreign keys are not watched meanwhile (`ON DELETE` would empty other tables), and checked as a whole afterwards.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    token = _rebuilding.set(True)
    engine.dispose()
    try:
        yield
    finally:
        _rebuilding.reset(token)
        engine.dispose()
    with engine.connect() as connection:
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        msg = f"foreign keys are broken: {broken[:3]}"
        raise RuntimeError(msg)


_reading: ContextVar[bool] = ContextVar("reading", default=False)


def only_read(on: bool = True) -> None:  # noqa: FBT001, FBT002 - a switch
    """Say that this context (a GET) only reads, so SQLite need not take its write lock at BEGIN."""
    _reading.set(on)


@contextmanager
def writing() -> Iterator[None]:
    """Say that the work inside writes, whatever the request."""
    token = _reading.set(False)
    try:
        yield
    finally:
        _reading.reset(token)


def open_sqlite_well(engine: Engine, *, synchronous: str = "FULL") -> None:
    """Make every SQLite connection WAL, with foreign keys, and its transactions explicit.

    A deferred transaction that reads and then writes fails at once with "database is locked", so
    whatever may write begins with BEGIN IMMEDIATE; only contexts marked by `only_read` do not.
    """

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"foreign_keys={'OFF' if _rebuilding.get() else 'ON'}",
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "busy_timeout=10000",
            "cache_size=-16000",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")
