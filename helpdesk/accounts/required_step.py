"""Who must have a second step and has none is led to setting it up, and nowhere else."""

from __future__ import annotations

from typing import Final

from flask import Flask, g, redirect, request, url_for
from werkzeug import Response

from helpdesk.accounts.access import signed_in_user_or_none
from helpdesk.accounts.sessions.browser import this_session
from helpdesk.extensions import settings

OPEN: Final = {
    "static",
    "bootstrap.static",
    "health.livez",
    "health.readyz",
    "language.choose",
    "accounts.sign_out",
    "sessions.confirm",
    "second_factor.intro",
    "second_factor.begin",
    "second_factor.set_up",
}
"""What remains open meanwhile."""


def init_app(app: Flask) -> None:
    """Look at every request of the partner's people where the settings ask for it."""

    @app.before_request
    def _lead_to_set_up() -> Response | None:
        if not settings().staff_needs_second_factor or request.endpoint in OPEN:
            return None
        person = signed_in_user_or_none()
        if person is None or not person.role.is_staff or "user_session" not in g:
            return None
        if g.has_second_factor or this_session().is_two_step:
            return None
        return redirect(url_for("second_factor.intro"))
