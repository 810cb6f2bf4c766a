"""The database itself refuses to change or delete an audit entry.

`statements(dialect)` is what a migration runs; a database made from the models gets the same by itself.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy import event

SQLITE: Final = (
    """
    CREATE TRIGGER IF NOT EXISTS audit_entry_is_never_changed BEFORE UPDATE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END
    """,
    """
    CREATE TRIGGER IF NOT EXISTS audit_entry_is_never_deleted BEFORE DELETE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END
    """,
)
POSTGRESQL: Final = (
    """
    CREATE OR REPLACE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'audit_entry is append-only' USING ERRCODE = 'restrict_violation'; END $$
    """,
    """
    CREATE OR REPLACE TRIGGER audit_entry_is_never_changed BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_is_append_only()
    """,
    """
    CREATE OR REPLACE TRIGGER audit_entry_is_never_emptied BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_append_only()
    """,
)
_BY_DIALECT: Final = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def statements(dialect_name: str) -> tuple[str, ...]:
    """The statements that make `audit_entry` append-only on `sqlite` or `postgresql`."""
    return _BY_DIALECT[dialect_name]


def removal_statements(dialect_name: str) -> tuple[str, ...]:
    """What a migration runs to take them away again before it drops the table."""
    if dialect_name == "sqlite":
        return (
            "DROP TRIGGER IF EXISTS audit_entry_is_never_changed",
            "DROP TRIGGER IF EXISTS audit_entry_is_never_deleted",
        )
    return (
        "DROP TRIGGER IF EXISTS audit_entry_is_never_changed ON audit_entry",
        "DROP TRIGGER IF EXISTS audit_entry_is_never_emptied ON audit_entry",
        "DROP FUNCTION IF EXISTS audit_entry_is_append_only()",
    )


def attach(table: sa.FromClause) -> None:
    """Have the statements run whenever `table` is created from the models."""

    @event.listens_for(table, "after_create")
    def _refuse_changes(_table: sa.FromClause, connection: sa.Connection, **_options: object) -> None:
        for statement in statements(connection.dialect.name):
            connection.exec_driver_sql(statement)
