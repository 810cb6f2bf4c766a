"""Migrations go up, agree with the models, go down to nothing and up again."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

from helpdesk.app import create_app
from helpdesk.extensions import db, migrations
from tests.conftest import drop_database, fresh_database_url, make_settings


def check(folder: Path) -> list[str]:
    """What is wrong with the migrations, in words."""
    url = fresh_database_url(folder, "migrations")
    app = create_app(make_settings(folder, url), TESTING=True)
    faults = []
    with app.app_context():
        migrations.upgrade()
        faults += [f"models and migrations differ: {difference!r}" for difference in migrations.compare_metadata()]
    with app.app_context():
        migrations.downgrade("base")
        left = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
        faults += [f"downgrade left {name}" for name in sorted(left)]
    with app.app_context():
        migrations.upgrade()
        db.engine.dispose()
    drop_database(url)
    return faults


def main() -> int:
    """Check, and say what was found."""
    with tempfile.TemporaryDirectory() as folder:
        faults = check(Path(folder))
    for fault in faults:
        print(fault)
    kind = "PostgreSQL" if os.environ.get("HELPDESK_TEST_DATABASE_URL") else "SQLite"
    print(f"migrations on {kind}: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
