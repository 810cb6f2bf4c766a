"""What every template, and every macro, may use."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request
from flask_wtf.csrf import generate_csrf
from werkzeug.local import LocalProxy

from helpdesk.extensions import settings
from helpdesk.permissions import Permission, Role, may
from helpdesk.web.guards import current_actor
from helpdesk.web.locale import LOCALES, current_locale


def _here() -> str:
    return request.full_path.rstrip("?")


def _allowed(permission: str) -> bool:
    actor = current_actor()
    return actor is not None and may(Role(actor.role), Permission(permission))


def _csrf() -> str:
    """The token of every form of a page; the library asks for its keys each time."""
    known: str | None = g.get("csrf_token")
    return known or generate_csrf()


def init_app(app: Flask) -> None:
    """Offer the reader, the languages, the partner and `allowed(...)`.

    Macros see globals alone, so the values are there as proxies too; pages get the plain values.
    """
    app.jinja_env.globals.update(
        locales=LOCALES,
        allowed=_allowed,
        csrf=_csrf,
        locale=LocalProxy(current_locale),
        reader=LocalProxy(current_actor),
        partner=LocalProxy(settings),
        here=LocalProxy(_here),
    )

    @app.context_processor
    def _common() -> dict[str, Any]:
        return {"reader": current_actor(), "locale": current_locale(), "partner": settings()}
