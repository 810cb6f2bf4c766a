"""Error pages that say what happened, what was kept, and what to do."""

from __future__ import annotations

import structlog
from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from helpdesk.errors import DomainError
from helpdesk.money import Money
from helpdesk.web.formatting import money

log = structlog.get_logger(__name__)


def sentence_of(error: DomainError) -> str:
    """The refusal in the reader's language."""
    values = {name: money(value) if isinstance(value, Money) else value for name, value in error.values.items()}
    return str(_(error.sentence, **values))


def _words(code: int) -> tuple[str, str]:
    """Title and advice for a status code."""
    known = {
        400: (_("That request could not be read"), _("Go back, check what you entered and try again.")),
        403: (_("This page is not for your role"), _("If you need it, ask the person who manages your account.")),
        404: (
            _("There is no such page"),
            _("It may have moved, or it belongs to somebody else. Search, or start from the home page."),
        ),
        405: (_("That cannot be done here"), _("Go back and use the button on the page.")),
        413: (
            _("That is too much at once"),
            _(
                "Send at most 25 MB in one go, 10 MB a file and 2 MB of text; attach a longer text as a file. "
                "What you typed is still in your browser: go back to it."
            ),
        ),
        415: (_("That request could not be read"), _("Go back and use the button on the page.")),
        429: (_("That was a little fast"), _("Wait a minute, then try again. Nothing was lost.")),
    }
    return known.get(
        code,
        (
            _("Something went wrong on our side"),
            _("We have taken note of it. Try again in a minute; nothing that was saved is lost."),
        ),
    )


def _page(code: int) -> ResponseReturnValue:
    title, advice = _words(code)
    if request.accept_mimetypes.best == "application/json":
        return {"error": title, "advice": advice}, code
    return render_template("errors/error.html", code=code, title=title, advice=advice), code


def init_app(app: Flask) -> None:
    """Show every failure as a page."""

    @app.errorhandler(CSRFError)
    def _csrf(_error: CSRFError) -> ResponseReturnValue:
        title = _("This form was open for too long")
        advice = _("Go back, reload the page and send it again. For your safety it was not sent.")
        return render_template("errors/error.html", code=400, title=title, advice=advice), 400

    @app.errorhandler(DomainError)
    def _refusal(error: DomainError) -> ResponseReturnValue:
        return render_template(
            "errors/error.html", code=409, title=_("That is not possible"), advice=sentence_of(error)
        ), 409

    @app.errorhandler(RateLimitExceeded)
    def _fast(_error: RateLimitExceeded) -> ResponseReturnValue:
        return _page(429)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> ResponseReturnValue:
        return error.get_response() if (error.code or 500) < 400 else _page(error.code or 500)  # noqa: PLR2004

    @app.errorhandler(Exception)
    def _crash(error: Exception) -> ResponseReturnValue:
        log.error("request_failed", path=request.path, exc_info=error)
        if app.testing:
            raise error
        return _page(500)
