"""Whether the time of an answer tells if an account exists: signing in, and asking for a new password.

Each path is tried for known and unknown addresses in turn, through the whole application, with the product's own
hashing and on the database of the tests. The figure is the chance that a known address takes longer than an
unknown one: 50 % tells nothing.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from helpdesk.accounts.models import User
from helpdesk.accounts.passwords import hashed, nobodys_hash
from helpdesk.app import create_app
from helpdesk.db import Base
from helpdesk.extensions import db
from helpdesk.permissions import Role
from tests.conftest import drop_database, fresh_database_url, make_settings

TRIES = 60
TOLERATED = 0.2
"""So far from one half the chance may be; with 60 tries each, chance alone stays within 0.11 in 19 of 20 runs."""

Try = Callable[[Flask, str, int], None]


def _sign_in(app: Flask, email: str, number: int) -> None:
    _send(app, "/sign-in", {"email": email, "password": "not the password"}, number)


def _forgot(app: Flask, email: str, number: int) -> None:
    _send(app, "/sign-in/forgotten", {"email": email}, number)


PATHS: dict[str, Try] = {"sign in": _sign_in, "forgotten password": _forgot}


def _send(app: Flask, path: str, data: dict[str, str], number: int) -> None:
    """Send a form from a network of its own, so that no throttle answers instead."""
    client = app.test_client()
    client.post(
        path, data=data, environ_base={"REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
    )


def _made(folder: Path, url: str) -> Flask:
    """An application with as many people as there are tries."""
    app = create_app(make_settings(folder, url), TESTING=True, WTF_CSRF_ENABLED=False)
    now, kept = datetime.now(UTC), hashed("a password that nobody tries")
    with app.app_context():
        Base.metadata.create_all(db.engine)
        db.session.add_all(
            User(email=f"known{n}@x.cn", name="X", role=Role.AGENT, password_hash=kept, created_at=now)
            for n in range(TRIES)
        )
        db.session.commit()
    nobodys_hash()
    return app


def _seconds(app: Flask, path: Try, email: str, number: int) -> float:
    begun = time.perf_counter()
    path(app, email, number)
    return time.perf_counter() - begun


def chance_of_longer(first: list[float], second: list[float]) -> float:
    """How often one of the first is larger than one of the second (Mann and Whitney's U, as a share)."""
    return sum((a > b) + (a == b) / 2 for a in first for b in second) / (len(first) * len(second))


def main() -> None:
    """Print both medians of each path, and how much they tell."""
    with tempfile.TemporaryDirectory() as folder:
        url = fresh_database_url(Path(folder), "timing")
        app = _made(Path(folder), url)
        for number, (name, path) in enumerate(PATHS.items(), start=1):
            known, unknown = [], []
            for each in range(TRIES):
                place = number << 16 | each * 2
                known.append(_seconds(app, path, f"known{each}@x.cn", place))
                unknown.append(_seconds(app, path, f"unknown{each}@x.cn", place + 1))
            chance = chance_of_longer(known, unknown)
            verdict = "tells nothing" if abs(chance - 0.5) <= TOLERATED else "TELLS WHO IS KNOWN"
            print(
                f"{name}: known {statistics.median(known) * 1000:.1f} ms, unknown "
                f"{statistics.median(unknown) * 1000:.1f} ms, chance {chance:.0%}: {verdict}"
            )
        with app.app_context():
            db.engine.dispose()
        drop_database(url)
