"""Rows that are written once: the session refuses to change them, and so does the database."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Mapper, object_session

_SQLITE: Final = (
    "CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
)
_POSTGRESQL: Final = (
    """CREATE OR REPLACE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$""",
    """CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only()""",
)


class AppendOnlyError(RuntimeError):
    """A row that is written once was about to be changed or deleted."""


def append_only_statements(table: str, dialect: str) -> list[str]:
    """The statements that make the database refuse changes to `table`; migrations run them too."""
    if dialect == "sqlite":
        return [_SQLITE.format(table=table, verb=verb) for verb in ("UPDATE", "DELETE")]
    return [statement.format(table=table) for statement in _POSTGRESQL]


def append_only(model: type[DeclarativeBase]) -> None:
    """Refuse every change and deletion of the model's rows, in the session and in the database."""
    table = model.__table__

    @event.listens_for(model, "before_update")
    @event.listens_for(model, "before_delete")
    def _refuse(_mapper: Mapper[DeclarativeBase], connection: sa.Connection, target: DeclarativeBase) -> None:
        del connection
        session = object_session(target)
        if session is None or target in session.deleted or session.is_modified(target, include_collections=False):
            raise AppendOnlyError(repr(target))

    @event.listens_for(table, "after_create")
    def _guard(_target: sa.Table, connection: sa.Connection, **_options: object) -> None:
        for statement in append_only_statements(model.__tablename__, connection.dialect.name):
            connection.exec_driver_sql(statement)
