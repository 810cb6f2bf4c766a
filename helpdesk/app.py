"""The application factory: the wiring of all slices."""

from __future__ import annotations

import secrets
from typing import Any

import structlog
from flask import Flask, request
from jinja2 import StrictUndefined
from sqlalchemy.types import TypeDecorator
from werkzeug.middleware.proxy_fix import ProxyFix

from helpdesk import (
    models,  # noqa: F401 - fills the metadata
    navigation,
)
from helpdesk.audit.services import Origin, origin
from helpdesk.config import ROOT, Settings
from helpdesk.db import UtcDateTime, only_read, open_sqlite_well
from helpdesk.extensions import babel, bootstrap, csrf, db, limiter, login_manager, migrations
from helpdesk.limits import REQUEST_MAX_BYTES, SESSION_ABSOLUTE
from helpdesk.logs import configure_logs
from helpdesk.web import (
    assets,
    context,
    converters,
    errors,
    formatting,
    headers,
    icons,
    incoming_requests,
    rates,
    texts,
)
from helpdesk.web.locale import babel_locale, current_zone_name

log = structlog.get_logger(__name__)


def create_app(settings: Settings | None = None, **overrides: Any) -> Flask:  # noqa: ANN401 - Flask's config values
    """Make an application from `settings` (by default from the environment)."""
    settings = settings or Settings()
    settings.var.mkdir(parents=True, exist_ok=True)
    configure_logs(settings)
    if settings.is_production and not settings.queue_url:
        log.warning(
            "rate_limits_in_memory", advice="each process counts alone; set HELPDESK_QUEUE_URL to count together"
        )
    app = Flask("helpdesk", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.from_mapping(_configuration(settings) | overrides)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.url_map.converters.update(converters.CONVERTERS)
    if settings.is_production:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    _bind_extensions(app, settings)
    for part in (texts, formatting, errors, assets, context, icons, navigation):
        part.init_app(app)
    incoming_requests.init_app(app)
    headers.init_app(app, https=settings.is_production)
    _note_origin(app)
    rates.init_app(app)
    _register_features(app)
    return app


def _configuration(settings: Settings) -> dict[str, Any]:
    engine: dict[str, Any] = {"url": settings.database_url}
    if settings.is_sqlite:
        engine["module"] = sqlite_driver()
    else:
        engine |= {"pool_pre_ping": True, "pool_size": 10}
    return {
        "HELPDESK": settings,
        "SECRET_KEY": settings.secret(),
        "SECRET_KEY_FALLBACKS": settings.secrets()[1:],
        "WTF_CSRF_SECRET_KEY": settings.signing_keys(),
        "SQLALCHEMY_ENGINES": {"default": engine},
        "ALEMBIC": {"script_location": str(ROOT / "migrations")},
        "ALEMBIC_CONTEXT": {"render_as_batch": settings.is_sqlite, "compare_type": True, "render_item": _render_type},
        "SESSION_COOKIE_NAME": "__Host-session" if settings.is_production else "session",
        "SESSION_COOKIE_SECURE": settings.is_production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": max(SESSION_ABSOLUTE.values()),
        "MAX_CONTENT_LENGTH": REQUEST_MAX_BYTES + 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "en",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "helpdesk" / "translations"),
        "BOOTSTRAP_SERVE_LOCAL": True,
        "RATELIMIT_ENABLED": settings.rate_limits == "on",
        "RATELIMIT_STORAGE_URI": settings.queue_url or "memory://",
        "RATELIMIT_STRATEGY": "moving-window",
        "TEMPLATES_AUTO_RELOAD": False,
    }


def _render_type(kind: str, item: object, _context: object) -> str | bool:
    """Write our own column types into migrations as what the database knows, so that old ones outlive the code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def sqlite_driver() -> Any:  # noqa: ANN401 - a DB-API module
    """The newest SQLite there is: pysqlite3's own, or Python's where no wheel exists."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        import sqlite3

        return sqlite3
    return dbapi2


def _bind_extensions(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    _drop_async_teardown(app)
    with app.app_context():
        if settings.is_sqlite:
            open_sqlite_well(db.engine, synchronous=settings.sqlite_synchronous)
    migrations.init_app(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=babel_locale, timezone_selector=current_zone_name)
    bootstrap.init_app(app)
    limiter.init_app(app)
    login_manager.init_app(app)
    login_manager.login_view = "accounts.sign_in"
    login_manager.session_protection = None


def _drop_async_teardown(app: Flask) -> None:
    """Take away the closing of asynchronous sessions: there are none, and it cannot run beside an event loop."""
    app.teardown_appcontext_funcs = [
        function for function in app.teardown_appcontext_funcs if "async" not in function.__name__
    ]


def _note_origin(app: Flask) -> None:
    @app.before_request
    def _begin() -> None:
        only_read(request.method in {"GET", "HEAD", "OPTIONS"})
        origin.set(Origin(address=request.remote_addr, request_id=secrets.token_hex(8)))


def _register_features(app: Flask) -> None:
    from helpdesk.features import blueprints, wire

    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    wire(app)
