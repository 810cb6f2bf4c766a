"""What a database holds, in figures that a drill can compare."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from helpdesk.db import Base


@dataclass(frozen=True, slots=True)
class Contents:
    """Revision of the schema, rows by table, and the files that rows speak of (by SHA-256)."""

    revision: str
    rows: dict[str, int]
    files: frozenset[str]

    @property
    def total(self) -> int:
        """Rows of all tables together."""
        return sum(self.rows.values())


def contents_of(connection: sa.Connection) -> Contents:
    """Count everything, in the caller's transaction."""
    names = sorted(sa.inspect(connection).get_table_names())
    rows = {name: _count(connection, name) for name in names}
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    return Contents(revision=revision, rows=rows, files=_files(connection, set(names)))


def _count(connection: sa.Connection, name: str) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one()


def _files(connection: sa.Connection, names: set[str]) -> frozenset[str]:
    found: set[str] = set()
    for table in Base.metadata.tables.values():
        for column in table.c:
            if table.name in names and column.info.get("kept_file"):
                found.update(one for one in connection.execute(sa.select(column).distinct()).scalars() if one)
    return frozenset(found)
