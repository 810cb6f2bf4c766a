"""A whole database into one file and back: SQLite by its own online backup, PostgreSQL by its own programs."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.pool import NullPool

from helpdesk.system.contents import Contents, contents_of
from helpdesk.system.errors import SnapshotBroken, ToolFailed, ToolMissing

_LOCK_WAIT: Final = "-c lock_timeout=20s"


class DatabaseFile(Protocol):
    """How one kind of database becomes a file and comes back."""

    name: str

    def dump(self, target: Path) -> Contents:
        """Write everything as of one moment to `target`, while others work; says what is in it."""

    def rehearse(self, source: Path) -> Contents:
        """Restore `source` into a database made for the purpose, and say what came back. Raises `SnapshotBroken`."""

    def restore(self, source: Path) -> None:
        """Put `source` in place of what is there, whole or not at all."""


def database_file(engine: Engine) -> DatabaseFile:
    """The way of the database that `engine` speaks to."""
    return SqliteFile(engine) if engine.dialect.name == "sqlite" else PostgresFile(engine)


class SqliteFile:
    """One file, copied page by page through SQLite itself."""

    name = "sqlite"

    def __init__(self, engine: Engine) -> None:
        """Work on the database of `engine`."""
        self._engine = engine

    def dump(self, target: Path) -> Contents:
        """Copy the pages as of one moment."""
        with self._raw() as live, self._opened(target) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        return self.rehearse(target)

    def rehearse(self, source: Path) -> Contents:
        """Open the file by itself, have SQLite check it, and count."""
        engine = sa.create_engine(f"sqlite:///{source}", module=self._engine.dialect.dbapi, poolclass=NullPool)
        try:
            with engine.connect() as connection:
                for check in ("integrity_check", "foreign_key_check"):
                    found = connection.exec_driver_sql(f"PRAGMA {check}").fetchall()
                    if found not in ([], [("ok",)]):
                        raise SnapshotBroken(file=source.name, reason=f"{check}: {found[0]}")
                return contents_of(connection)
        except sa.exc.DatabaseError as error:
            raise SnapshotBroken(file=source.name, reason=error.orig) from error
        finally:
            engine.dispose()

    def restore(self, source: Path) -> None:
        """Copy the pages back in one transaction of SQLite's own; running processes see them at their next read."""
        with self._opened(source) as copy, self._raw() as live:
            copy.backup(live)

    @contextmanager
    def _raw(self) -> Iterator[Any]:
        pooled = self._engine.raw_connection()
        try:
            yield pooled.driver_connection
        finally:
            pooled.close()

    @contextmanager
    def _opened(self, path: Path) -> Iterator[Any]:
        connection = self._engine.dialect.loaded_dbapi.connect(str(path))
        try:
            yield connection
        finally:
            connection.close()


class PostgresFile:
    """The archive of `pg_dump`, taken and restored by the server's own programs."""

    name = "postgresql"

    def __init__(self, engine: Engine) -> None:
        """Work on the database of `engine`."""
        self._engine = engine

    def dump(self, target: Path) -> Contents:
        """Dump and count in one snapshot of the server's."""
        with self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
            found = contents_of(connection)
            options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
            _run("pg_dump", self._engine.url, *options, f"--file={target}")
        return found

    def rehearse(self, source: Path) -> Contents:
        """Restore into a new database on the same server, count there, and take it away."""
        name = f"helpdesk_drill_{secrets.token_hex(6)}"
        with self._scratch(name) as url:
            _run("pg_restore", url, "--no-owner", "--no-privileges", "--exit-on-error", str(source))
            engine = sa.create_engine(url, poolclass=NullPool)
            with engine.connect() as connection:
                return contents_of(connection)

    def restore(self, source: Path) -> None:
        """Replace everything in one transaction; whoever reads meanwhile is waited for, 20 seconds at most."""
        self._engine.dispose()
        options = ["--clean", "--if-exists", "--single-transaction", "--no-owner", "--no-privileges", "--exit-on-error"]
        _run("pg_restore", self._engine.url, *options, str(source))

    @contextmanager
    def _scratch(self, name: str) -> Iterator[sa.URL]:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
            try:
                yield self._engine.url.set(database=name)
            finally:
                connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


def _run(tool: str, url: sa.URL, *options: str) -> None:
    """Run one of PostgreSQL's programs on the database of `url`; the password never stands in the process list."""
    path = shutil.which(tool)
    if path is None:
        raise ToolMissing(tool=tool)
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = {**os.environ, "PGPASSWORD": url.password or "", "PGOPTIONS": _LOCK_WAIT}
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [path, f"--dbname={address}", *options], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise ToolFailed(tool=tool, reason=" ".join(done.stderr.split())[:500].rstrip("."))
