"""How often one person may send files; other limits stand at their views."""

from __future__ import annotations

from typing import Final

from flask import Flask, abort, request
from limits import RateLimitItemPerHour

from helpdesk.extensions import limiter
from helpdesk.limits import UPLOADS_AN_HOUR
from helpdesk.web.guards import current_actor

_UPLOADS: Final = RateLimitItemPerHour(UPLOADS_AN_HOUR)


def init_app(app: Flask) -> None:
    """Count the requests that bring files, whatever page they are sent from."""

    @app.before_request
    def _count_uploads() -> None:
        if not limiter.enabled or request.method != "POST" or not _brings_files():
            return
        actor = current_actor()
        who = f"user:{actor.id}" if actor else f"network:{request.remote_addr}"
        if not limiter.limiter.hit(_UPLOADS, "uploads", who):
            abort(429)


def _brings_files() -> bool:
    return request.mimetype == "multipart/form-data" and any(file.filename for file in request.files.values())
