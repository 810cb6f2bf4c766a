"""Addresses of static files that change when the file does."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for


@lru_cache(maxsize=256)
def _fingerprint(path: str, _modified: float) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


def init_app(app: Flask) -> None:
    """Give the templates `asset('css/app.css')` and let browsers keep what has a fingerprint."""
    folder = Path(app.static_folder or "")
    known: dict[str, str] = {}

    def asset(name: str) -> str:
        if name not in known or app.debug or app.testing:
            path = folder / name
            known[name] = url_for("static", filename=name, v=_fingerprint(str(path), path.stat().st_mtime))
        return known[name]

    app.jinja_env.globals["asset"] = asset
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 31536000
