"""Response headers that hold on every page."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, abort, request

from helpdesk.web.guards import current_actor

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def init_app(app: Flask, *, https: bool) -> None:
    """Add the headers to every answer."""

    @app.after_request
    def _headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.endpoint != "static" and current_actor() is not None:
            headers.setdefault("Cache-Control", "no-store")
        return response

    app.before_request(_same_site)
    app.before_request(_forms_alone)


def _same_site() -> tuple[str, int] | None:
    """Refuse unsafe requests that another site makes in the visitor's name."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return None
    if request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}:
        return None
    return "cross-site request refused", 403


def _forms_alone() -> None:
    """Refuse JSON as a body: nothing here reads it, and the form library would take it for a form of any shape."""
    if request.is_json:
        abort(415)
