"""Several invitations of one address, accepted at the same moment: one makes the account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask

from helpdesk.accounts.invitations import services
from helpdesk.app import create_app
from helpdesk.clock import utc_now
from helpdesk.db import Base
from helpdesk.extensions import db
from helpdesk.permissions import Role
from tests.cast import make_cast
from tests.conftest import drop_database, fresh_database_url, make_settings
from tests.mailed import SECRET_KEY, token

NOW = utc_now()
NEW = "zhao.lei@lanting.example"
PASSWORD = "rainy harbour lanterns"  # noqa: S105 - not a secret


@pytest.fixture
def house(tmp_path: Path, worker_name: str) -> Iterator[Flask]:
    """An application whose requests have connections of their own."""
    url = fresh_database_url(tmp_path, f"address_{worker_name}")
    app = create_app(make_settings(tmp_path, url), TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()
    drop_database(url)


def test_two_invitations_of_one_address_accepted_at_once_make_one_account_and_a_refusal_in_words(
    house: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.app_context():
        cast, links = make_cast(db.session, now=NOW), []
        for by, customer in ((cast.wang_fang, cast.lanting), (cast.sato, cast.sakura)):
            services.invite(
                db.session, email=NEW, role=Role.CUSTOMER_MEMBER, customer=customer, locale="en", by=by,
                secret=SECRET_KEY, now=NOW,
            )  # fmt: skip
            links.append(token(db.session, "invitation"))
        db.session.commit()
    start = Barrier(len(links))

    def take(link: str) -> str:
        form = {
            "name": "Zhao Lei", "locale": "en", "time_zone": "Asia/Shanghai", "password": PASSWORD, "again": PASSWORD
        }  # fmt: skip
        visitor = house.test_client()
        start.wait()
        answer = visitor.post(f"/invitation/{link}", data=form)
        return "in" if answer.status_code == 302 else f"{answer.status_code} {'already' in answer.text}"

    with ThreadPoolExecutor(len(links)) as pool:
        answers = Counter(pool.map(take, links))

    assert answers == {"in": 1, "200 True": 1}
