"""The audit trail keeps what it was told."""

from __future__ import annotations

from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from helpdesk.audit.models import AuditEntry
from helpdesk.audit.services import Origin, origin, record
from tests.cast import Cast


@pytest.fixture
def entry(session: Session, cast: Cast, now: datetime) -> AuditEntry:
    """One deed of an administrator."""
    made = record(session, "user.disabled", object_type="user", object_id=cast.tom.id, actor_id=cast.root.id, now=now)
    session.flush()
    return made


def test_an_entry_says_who_did_what_from_where(session: Session, cast: Cast, now: datetime) -> None:
    token = origin.set(Origin(address="203.0.113.9", request_id="abc"))

    made = record(
        session, "user.role_changed", object_type="user", object_id=7, actor_id=cast.root.id, now=now,
        before={"role": "agent"}, after={"role": "lead"},
    )  # fmt: skip
    origin.reset(token)
    session.flush()
    session.expire(made)

    assert (made.action, made.object_id, made.actor_id, made.at) == ("user.role_changed", "7", cast.root.id, now)
    assert (made.before, made.after) == ({"role": "agent"}, {"role": "lead"})
    assert (made.address, made.request_id) == ("203.0.113.9", "abc")


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET action = 'nothing'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_or_delete_an_entry(session: Session, entry: AuditEntry, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(sa.text(statement))

    session.expire(entry)
    assert entry.action == "user.disabled"


def test_postgresql_refuses_to_empty_the_table(session: Session, entry: AuditEntry) -> None:
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")

    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(sa.text("TRUNCATE audit_entry"))

    assert session.get(AuditEntry, entry.id) is entry
