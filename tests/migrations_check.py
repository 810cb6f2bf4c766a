"""Migrations go up, agree with the models, go down and up again without losing a row, and down to nothing."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

from helpdesk.app import create_app
from helpdesk.clock import utc_now
from helpdesk.demo.services import load_demo
from helpdesk.extensions import db, migrations
from tests.conftest import drop_database, fresh_database_url, make_settings

OLD_TABLES = (
    "customer", "user_account", "ticket", "ticket_message", "ticket_event", "ticket_tag", "attachment", "invoice",
    "invoice_line", "ledger_entry", "dispute", "subscription", "reconciliation_row", "collections_policy",
    "suspension_notice", "suspension_case", "escalation", "escalation_packet", "contact_log_entry", "audit_entry",
    "incoming_mail", "article", "article_translation",
)  # fmt: skip
"""What nobody may lose on the way down to the first migration and up again."""
YOUNGER: dict[str, sa.ColumnElement[bool] | sa.TextClause] = {
    "ticket_event": sa.text("kind NOT IN ('uncopied', 'guest_invited', 'guest_came', 'guest_ended')"),
}
"""Rows that the first migration has no word for, and that go on the way down; the others stay."""


def check(folder: Path) -> list[str]:
    """What is wrong with the migrations, in words."""
    url = fresh_database_url(folder, "migrations")
    app = create_app(make_settings(folder, url), TESTING=True)
    faults = []
    with app.app_context():
        migrations.upgrade()
        faults += [f"models and migrations differ: {difference!r}" for difference in migrations.compare_metadata()]
    with app.app_context():
        load_demo(db.session, now=utc_now())
        db.session.commit()
        before = rows_of_old_tables()
    with app.app_context():
        migrations.downgrade("0001")
    with app.app_context():
        migrations.upgrade()
        after = rows_of_old_tables()
        faults += [
            f"{table}: {count} rows became {after[table]}" for table, count in before.items() if after[table] < count
        ]
    with app.app_context():
        migrations.downgrade("base")
        left = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
        faults += [f"downgrade left {name}" for name in sorted(left)]
    with app.app_context():
        migrations.upgrade()
        db.engine.dispose()
    drop_database(url)
    return faults


def rows_of_old_tables() -> dict[str, int]:
    """How many rows there are in each table of the first migration; mails to people without an account go with it."""
    names = sorted(set(sa.inspect(db.engine).get_table_names()) & set(OLD_TABLES))
    with db.engine.connect() as connection:
        return {
            name: connection.execute(
                sa.select(sa.func.count()).select_from(sa.table(name)).where(YOUNGER.get(name, sa.true()))
            ).scalar_one()
            for name in names
        }


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
