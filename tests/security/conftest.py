"""The house of the security tests, built once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from helpdesk.app import create_app
from helpdesk.clock import utc_now
from helpdesk.config import ROOT
from helpdesk.demo.services import load_demo
from helpdesk.extensions import db, migrations
from helpdesk.kb.folder.importing import import_folder
from helpdesk.search.jobs import ensure_index
from tests.conftest import drop_database, fresh_database_url, make_settings
from tests.security.canaries import plant, singing
from tests.security.house import House
from tests.security.objects import make_objects


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, worker_name: str) -> Iterator[House]:
    """The demonstration on a database of its own, with one of every object that an address can name."""
    folder = tmp_path_factory.mktemp("house")
    url = fresh_database_url(folder, f"security_{worker_name}")
    app = create_app(make_settings(folder, url), TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=True)
    with app.app_context():
        migrations.upgrade()
    with app.app_context():
        objects = _moved_in(db.session)
        db.session.commit()
        ensure_index()
        engine, maker = db.engine, db.sessionmaker
    connection = engine.connect()
    connection.begin()
    maker.configure(bind=connection, join_transaction_mode="create_savepoint")
    house = House(app, connection, maker(), objects)
    house.let_in()
    yield house
    house.session.close()
    connection.close()
    maker.configure(bind=engine, join_transaction_mode="conditional_savepoint")
    engine.dispose()
    drop_database(url)


def _moved_in(session: Session) -> dict[str, dict[str, Any]]:
    now = utc_now()
    import_folder(session, ROOT / "kb", now=now)
    with singing():
        load_demo(session, now=now)
        session.flush()
        objects = make_objects(session)
    plant(session)
    return objects
