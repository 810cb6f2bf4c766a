"""Many at once with the same code: one gets in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask

from helpdesk.accounts.models import User
from helpdesk.accounts.rules import SignInDelayed
from helpdesk.accounts.second_factor import rules, services
from helpdesk.accounts.second_factor.sealing import Seal
from helpdesk.app import create_app
from helpdesk.db import Base, writing
from helpdesk.extensions import db
from tests.cast import make_cast
from tests.conftest import drop_database, fresh_database_url, make_settings
from tests.second_step import KEY, give_second_factor, shown_by_app

AT_ONCE = 6
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path, worker_name: str) -> Iterator[Flask]:
    """An application whose requests have connections of their own."""
    url = fresh_database_url(tmp_path, f"once_{worker_name}")
    app = create_app(make_settings(tmp_path, url), TESTING=True)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()
    drop_database(url)


@pytest.mark.parametrize("kind", ["app", "paper"])
def test_the_same_code_sent_at_the_same_time_lets_in_once(house: Flask, kind: str) -> None:
    with house.app_context():
        tom = make_cast(db.session, now=NOW).tom
        secret, codes = give_second_factor(db.session, tom, now=NOW)
        db.session.commit()
        tom_id = tom.id
    later = NOW + timedelta(minutes=5)
    code = shown_by_app(secret, later) if kind == "app" else codes[0]
    start = Barrier(AT_ONCE)

    def give(number: int) -> str:
        start.wait()
        with house.app_context(), writing():
            person = db.session.get_one(User, tom_id)
            try:
                services.check_second_step(
                    db.session, person, code=code, seal=Seal([KEY]), address=f"198.51.100.{number}", now=later
                )
            except (rules.CodeRefused, rules.RecoveryCodeRefused, SignInDelayed):
                db.session.commit()
                return "out"
            db.session.commit()
            return "in"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = Counter(pool.map(give, range(AT_ONCE)))

    assert answers == {"in": 1, "out": AT_ONCE - 1}
