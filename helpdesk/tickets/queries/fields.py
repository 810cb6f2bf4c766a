"""The partner's own fields, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.tickets.models import CustomField, FieldValue, Ticket, Topic
from helpdesk.tickets.queries.visible import may_see_internal


@dataclass(frozen=True, slots=True)
class Answered:
    """A field with its answer; empty where nothing was answered."""

    field: CustomField
    value: str


def fields_in_order(session: Session) -> list[CustomField]:
    """All fields by topic, in their order, retired ones last."""
    statement = sa.select(CustomField).order_by(
        CustomField.topic, CustomField.retired_at.is_not(None), CustomField.position, CustomField.id
    )
    return list(session.scalars(statement))


def field_of(session: Session, public_id: str) -> CustomField | None:
    """One field."""
    return session.scalars(sa.select(CustomField).where(CustomField.public_id == public_id)).one_or_none()


def fields_to_ask(session: Session, user: User, topic: Topic) -> list[CustomField]:
    """What `user` is asked about a topic: customers only what is for them."""
    statement = (
        sa.select(CustomField)
        .where(CustomField.topic == topic, CustomField.retired_at.is_(None))
        .order_by(CustomField.position, CustomField.id)
    )
    if not may_see_internal(user):
        statement = statement.where(CustomField.for_customer)
    return list(session.scalars(statement))


def answers_of(session: Session, user: User, ticket: Ticket) -> list[Answered]:
    """The fields of a ticket that `user` may see: those of its topic, and others that were answered; one statement."""
    statement = _answers(internal=may_see_internal(user))
    found = session.execute(statement, {"ticket": ticket.id, "of": ticket.topic})
    return [Answered(field, value or "") for field, value in found]


@cache
def _answers(*, internal: bool) -> sa.Select[CustomField, str | None]:
    """Built once: building takes longer than asking."""
    asked = sa.and_(CustomField.topic == sa.bindparam("of"), CustomField.retired_at.is_(None))
    answered = sa.and_(FieldValue.field_id == CustomField.id, FieldValue.ticket_id == sa.bindparam("ticket"))
    statement = (
        sa.select(CustomField, FieldValue.value)
        .outerjoin(FieldValue, answered)
        .where(sa.or_(asked, FieldValue.value.is_not(None)))
        .order_by(CustomField.position, CustomField.id)
    )
    return statement if internal else statement.where(CustomField.for_customer)
