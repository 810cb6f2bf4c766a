"""Reading the rows that belong to a person or an organisation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer, User
from helpdesk.accounts.queries import user_by_email
from helpdesk.intake import models as intake
from helpdesk.models import Base
from helpdesk.privacy.errors import NobodyThere
from helpdesk.privacy.tables import ONLY, TABLES, Kept

Subject = User | Customer
Row = dict[str, Any]
_READ: Final = (intake.Result.CREATED, intake.Result.JOINED, intake.Result.SIDE_THREAD)
"""Mails that were taken for their sender's own; others may be forged."""


def person_called(session: Session, email: str) -> User:
    """The person with that address. Raises `NobodyThere`."""
    found = user_by_email(session, email)
    if found is None:
        raise NobodyThere(name=email)
    return found


def organisation_called(session: Session, name: str) -> Customer:
    """The organisation with that tenant ID or domain. Raises `NobodyThere`."""
    asked = name.replace("\0", "").strip().lower()
    statement = sa.select(Customer).where(
        sa.or_(sa.func.lower(Customer.tenant_id) == asked, sa.func.lower(Customer.domain) == asked)
    )
    found = session.scalars(statement.limit(1)).first()
    if found is None:
        raise NobodyThere(name=name)
    return found


def subject_called(session: Session, name: str) -> Subject:
    """The person when `name` is an address, else the organisation. Raises `NobodyThere`."""
    return person_called(session, name) if "@" in name else organisation_called(session, name)


def rows_of(session: Session, subject: Subject) -> Iterator[tuple[str, list[Row]]]:
    """Each table's rows of the subject, without the columns left out; one statement a table."""
    known = _people(session, subject)
    for name, kept in TABLES.items():
        condition = _belongs(name, kept, subject)
        if condition is not None:
            yield name, _read(session, Base.metadata.tables[name], condition, kept.without, known)
    for table, condition, names in (_mails(subject), _verdicts(subject)):
        yield table.name, _read(session, table, condition, frozenset(table.c.keys()) - names, known)


def _belongs(name: str, kept: Kept, subject: Subject) -> sa.ColumnElement[bool] | None:
    if isinstance(subject, User):
        if kept.about_customers and subject.customer_id is None:
            return None
        ways = kept.person
    else:
        ways = kept.organisation
    table = Base.metadata.tables[name]
    conditions = [_reaches(table, way.split("."), frozenset({subject.id})) for way in ways]
    if name == "audit_entry":
        conditions.append(_about(table, subject))
    if not conditions:
        return None
    return sa.and_(sa.or_(*conditions), _readable(table))


def _reaches(table: sa.Table, way: list[str], wanted: frozenset[Any]) -> sa.ColumnElement[bool]:
    """Whether the way from a row ends at one of those; see `privacy.tables`."""
    if way[0] in Base.metadata.tables:
        return _is_pointed_at(table, Base.metadata.tables[way[0]], way[1:], wanted)
    column = table.c[way[0]]
    if len(way) == 1:
        return column.in_(sorted(wanted))
    (key,) = column.foreign_keys
    further = key.column.table
    return column.in_(sa.select(key.column).where(_reaches(further, way[1:], wanted), _readable(further)))


def _is_pointed_at(
    table: sa.Table, pointing: sa.Table, way: list[str], wanted: frozenset[Any]
) -> sa.ColumnElement[bool]:
    (key,) = (key for key in pointing.foreign_keys if key.column.table is table)
    return key.column.in_(sa.select(key.parent).where(_reaches(pointing, way, wanted), _readable(pointing)))


def _readable(table: sa.Table) -> sa.ColumnElement[bool]:
    if table.name not in ONLY:
        return sa.true()
    way, values = ONLY[table.name]
    return _reaches(table, way.split("."), values)


def _about(table: sa.Table, subject: Subject) -> sa.ColumnElement[bool]:
    """Deeds of others on the subject itself."""
    if isinstance(subject, User):
        return sa.and_(table.c.object_type == "user", table.c.object_id == str(subject.id))
    people = sa.select(sa.cast(User.id, sa.String)).where(User.customer_id == subject.id)
    return sa.or_(
        sa.and_(table.c.object_type == "customer", table.c.object_id == subject.public_id),
        sa.and_(table.c.object_type == "user", table.c.object_id.in_(people)),
    )


_ByKey = tuple[sa.Table, sa.ColumnElement[bool], frozenset[str]]
"""A table that knows people by another key than their account, with its condition and the columns that are told."""


def _mails(subject: Subject) -> _ByKey:
    table = Base.metadata.tables["incoming_mail"]
    written = table.c.sender.in_(sa.select(User.email).where(_mine(subject)))
    names = {"public_id", "sender", "sender_name", "subject", "text", "attachments", "received_at"}
    return table, sa.and_(written, table.c.result.in_(_READ)), frozenset(names)


def _verdicts(subject: Subject) -> _ByKey:
    """What they said of articles."""
    table = Base.metadata.tables["article_feedback"]
    keys = sa.select(sa.literal("user:", sa.String) + sa.cast(User.id, sa.String)).where(_mine(subject))
    return table, table.c.reader_key.in_(keys), frozenset({"translation_id", "helpful", "reason", "comment", "at"})


def _mine(subject: Subject) -> sa.ColumnElement[bool]:
    return User.id == subject.id if isinstance(subject, User) else User.customer_id == subject.id


def _people(session: Session, subject: Subject) -> dict[int, str]:
    if isinstance(subject, User):
        return {subject.id: subject.public_id}
    people = session.execute(sa.select(User.id, User.public_id).where(User.customer_id == subject.id))
    return {row.id: row.public_id for row in people}


def _read(
    session: Session, table: sa.Table, condition: sa.ColumnElement[bool], without: frozenset[str], known: dict[int, str]
) -> list[Row]:
    columns = [column for column in table.columns if column.name not in without]
    statement = sa.select(*columns).where(condition).order_by(*table.primary_key.columns)
    people = {
        column.name
        for column in columns
        if any(key.column.table.name == User.__tablename__ for key in column.foreign_keys)
    }
    return [_plain(row._asdict(), people, known) for row in session.execute(statement)]


def _plain(row: Row, people: set[str], known: dict[int, str]) -> Row:
    """The row with people named: the subject's own by their public names, all others as somebody else."""
    for name in people & row.keys():
        if row[name] is not None:
            row[name] = known.get(row[name], "somebody else")
    return row
