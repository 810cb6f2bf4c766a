"""Where the pages hang."""

from __future__ import annotations

from flask import Blueprint, Response

bp = Blueprint("invitations", __name__)


@bp.after_request
def keep_nothing(response: Response) -> Response:
    """Let no browser or proxy keep a page whose address opens an account."""
    response.headers["Cache-Control"] = "no-store"
    return response
