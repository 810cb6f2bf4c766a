"""What pages ask about kept files."""

from __future__ import annotations

from flask import Flask

from helpdesk.extensions import settings
from helpdesk.files.store import FileState, file_store


def _state(sha256: str) -> FileState:
    return file_store(settings()).state(sha256)


def init_app(app: Flask) -> None:
    """Let templates say why a file cannot be opened."""
    app.jinja_env.globals["file_state"] = _state
