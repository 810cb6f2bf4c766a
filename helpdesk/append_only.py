"""Tables whose rows are written once: the database itself refuses to change or delete them."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase

_SQLITE: Final = (
    (
        "CREATE TRIGGER IF NOT EXISTS {table}_is_never_changed BEFORE UPDATE ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    ),
    (
        "CREATE TRIGGER IF NOT EXISTS {table}_is_never_deleted BEFORE DELETE ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    ),
)
_POSTGRESQL: Final = (
    (
        "CREATE OR REPLACE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        "CREATE OR REPLACE TRIGGER {table}_is_never_changed BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only()"
    ),
    (
        "CREATE OR REPLACE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION {table}_is_append_only()"
    ),
)
_BY_DIALECT: Final = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def append_only(model: type[DeclarativeBase]) -> None:
    """Guard the model's table whenever it is made from the models; a migration writes the same statements out."""

    @event.listens_for(model.__table__, "after_create")
    def _guard(_table: sa.Table, connection: sa.Connection, **_options: object) -> None:
        for statement in guards(model.__tablename__, connection.dialect.name):
            connection.exec_driver_sql(statement)


def guards(table: str, dialect: str) -> list[str]:
    """The statements that make `table` append-only on `sqlite` or `postgresql`."""
    return [statement.format(table=table) for statement in _BY_DIALECT[dialect]]
