"""Keep packets as they were, and guard the ledger like the audit trail.

Revision: 0007
Follows: 0006
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TABLES = ("ledger_entry", "escalation_packet")
_GUARD = {
    "sqlite": (
        "CREATE TRIGGER {t}_is_never_changed BEFORE UPDATE ON {t} BEGIN SELECT RAISE(ABORT, '{t} is append-only'); END",
        "CREATE TRIGGER {t}_is_never_deleted BEFORE DELETE ON {t} BEGIN SELECT RAISE(ABORT, '{t} is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION {t}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '{t} is append-only' USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER {t}_is_never_changed BEFORE UPDATE OR DELETE ON {t} "
        "FOR EACH ROW EXECUTE FUNCTION {t}_is_append_only()",
        "CREATE TRIGGER {t}_is_never_emptied BEFORE TRUNCATE ON {t} "
        "FOR EACH STATEMENT EXECUTE FUNCTION {t}_is_append_only()",
    ),
}
_UNGUARD = {
    "sqlite": ("DROP TRIGGER {t}_is_never_changed", "DROP TRIGGER {t}_is_never_deleted"),
    "postgresql": ("DROP TRIGGER {t}_is_never_changed ON {t}", "DROP TRIGGER {t}_is_never_emptied ON {t}"),
}
_LEDGER_BEFORE = {
    "sqlite": (
        "CREATE TRIGGER ledger_entry_no_UPDATE BEFORE UPDATE ON ledger_entry "
        "BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END",
        "CREATE TRIGGER ledger_entry_no_DELETE BEFORE DELETE ON ledger_entry "
        "BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END",
    ),
    "postgresql": (
        "CREATE TRIGGER ledger_entry_no_change BEFORE UPDATE OR DELETE ON ledger_entry "
        "FOR EACH ROW EXECUTE FUNCTION ledger_entry_is_append_only()",
    ),
}
_LEDGER_UNGUARD = {
    "sqlite": ("DROP TRIGGER ledger_entry_no_UPDATE", "DROP TRIGGER ledger_entry_no_DELETE"),
    "postgresql": ("DROP TRIGGER ledger_entry_no_change ON ledger_entry",),
}


def _run(statements: Sequence[str], table: str = "ledger_entry") -> None:
    for statement in statements:
        op.execute(statement.format(t=table))


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    _run(_LEDGER_UNGUARD[dialect])
    for table in _TABLES:
        _run(_GUARD[dialect], table)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in _TABLES:
        _run(_UNGUARD[dialect], table)
    _run(_LEDGER_BEFORE[dialect])
    if dialect == "postgresql":
        op.execute("DROP FUNCTION escalation_packet_is_append_only()")
