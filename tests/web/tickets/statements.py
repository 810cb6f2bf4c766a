"""How much a page asks of the database."""

from __future__ import annotations

from typing import Self

import sqlalchemy as sa
from flask import Flask

from helpdesk.extensions import db


class Statements:
    """Counts what is sent to the database."""

    def __init__(self, app: Flask) -> None:
        """Watch the application's database."""
        with app.app_context():
            self.engine = db.engine
        self.sent: list[str] = []

    def __enter__(self) -> Self:
        """Begin to count."""
        sa.event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop."""
        sa.event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE")):
            self.sent.append(statement)
