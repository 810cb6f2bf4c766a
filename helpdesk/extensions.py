"""The Flask extensions, made once, bound to an application in `app.py`."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_alembic import Alembic
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf import CSRFProtect

from helpdesk.config import Settings
from helpdesk.db import Base, rebuilding_tables


class Migrations(Alembic):
    """Alembic, with the care that SQLite needs."""

    def run_migrations(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - passed on
        """Run steps up or down."""
        with rebuilding_tables(db.engine):
            self._get_cache().clear()  # connections from before watch foreign keys
            try:
                super().run_migrations(*arguments, **options)
            finally:
                self._get_cache().clear()


db = SQLAlchemy(session_options={"expire_on_commit": False})
migrations = Migrations(metadatas=Base.metadata, run_mkdir=False, command_name="")
login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()
bootstrap = Bootstrap5()
limiter = Limiter(key_func=get_remote_address, headers_enabled=False)


def settings() -> Settings:
    """The running application's settings."""
    found: Settings = current_app.config["HELPDESK"]
    return found
