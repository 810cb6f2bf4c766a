"""Small writes after the answer has left, so that no reader waits for them."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
import structlog
from flask import Response, current_app
from sqlalchemy.orm import Session

from helpdesk.db import writing
from helpdesk.extensions import db

log = structlog.get_logger(__name__)


def afterwards(response: Response, work: Callable[[Session], object]) -> None:
    """Do `work` in its own transaction once `response` is sent; a failure is noted and hurts nobody."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Werkzeug's way to unwrap

    def do_it() -> None:
        with app.app_context(), writing():
            try:
                work(db.session)
                db.session.commit()
            except sa.exc.SQLAlchemyError as error:
                db.session.rollback()
                log.warning("afterwards_failed", error=repr(error))

    response.call_on_close(do_it)
