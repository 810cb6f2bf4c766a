"""How the application gets to know this slice."""

from __future__ import annotations

from flask import Flask

from helpdesk.accounts import required_step, watching
from helpdesk.accounts.sessions.views.confirming import ask
from helpdesk.web.freshness import ask_with


def init_app(app: Flask) -> None:
    """Have the question “is it still you?” asked by this slice, and the second step demanded."""
    ask_with(app, ask)
    required_step.init_app(app)
    watching.init_app(app)
