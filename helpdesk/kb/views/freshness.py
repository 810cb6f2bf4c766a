"""“Not modified” for strangers: a page is not made again when nothing on it changed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from typing import Final

from flask import Response, request, session

from helpdesk.web.guards import current_actor

_BUILD: Final = secrets.token_hex(4)
"""Changes when the process starts anew, perhaps with other templates."""


def tag_of(parts: Iterable[object]) -> str:
    """A name for all that the page shows."""
    packed = "\x00".join(str(part) for part in (_BUILD, *parts))
    return hashlib.sha256(packed.encode()).hexdigest()[:24]


def not_modified(tag: str) -> Response | None:
    """The short answer, when the visitor has this page already.

    The page holds a form whose token belongs to the visit: a browser whose visit ended gets the page anew, while a
    machine (which sends no `Sec-Fetch-Mode`) never sends the form.
    """
    if current_actor() is not None or "_flashes" in session:
        return None
    visit = _visit()
    if visit == "" and "Sec-Fetch-Mode" in request.headers:
        return None
    for known in request.if_none_match.as_set(include_weak=True):
        page, _, owner = known.partition("-")
        if page == tag and visit in {"", owner}:
            response = Response(status=304)
            response.set_etag(known, weak=True)
            response.headers["Cache-Control"] = "private, no-cache"
            return response
    return None


def with_tag(response: Response, tag: str) -> Response:
    """Let strangers keep the page and ask whether it changed."""
    if current_actor() is None:
        response.set_etag(f"{tag}-{_visit()}", weak=True)
        response.headers["Cache-Control"] = "private, no-cache"
    return response


def _visit() -> str:
    token = session.get("csrf_token")
    return hashlib.sha256(str(token).encode()).hexdigest()[:8] if token else ""
