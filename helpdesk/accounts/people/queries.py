"""Which people there are for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import Customer, User
from helpdesk.permissions import Permission, Role
from helpdesk.web.pagination import Page, cut

PAGE_ROWS: Final = 50


def managed_by(actor: User) -> sa.ColumnElement[bool]:
    """The people whose accounts `actor` looks after."""
    if actor.may(Permission.ADMINISTER):
        return sa.true()
    if actor.may(Permission.CUSTOMER_PEOPLE):
        return User.customer_id.is_not(None)
    if actor.may(Permission.ORGANISATION_PEOPLE):
        return User.customer_id == actor.customer_id
    return sa.false()


def managed_person(session: Session, actor: User, public_id: str) -> User | None:
    """One person whose account `actor` looks after, customer included."""
    statement = select(User).where(managed_by(actor), User.public_id == public_id).options(joinedload(User.customer))
    return session.scalars(statement).one_or_none()


def managed_customer(session: Session, actor: User, public_id: str) -> Customer | None:
    """One customer whose people `actor` looks after as one of the partner's people."""
    allowed = sa.true() if actor.may(Permission.CUSTOMER_PEOPLE) else sa.false()
    return session.scalars(select(Customer).where(allowed, Customer.public_id == public_id)).one_or_none()


def everyone_of(session: Session, customer_id: int) -> list[User]:
    """All people of a customer, who may sign in before who may not, by name; one statement."""
    statement = (
        select(User).where(User.customer_id == customer_id).order_by(User.disabled_at.is_not(None), User.name, User.id)
    )
    return list(session.scalars(statement))


def other_contacts(session: Session, person: User) -> int:
    """How many other billing contacts of the same customer may sign in; locks them, so that none leaves meanwhile."""
    statement = (
        select(User.id)
        .where(
            User.customer_id == person.customer_id,
            User.role == Role.BILLING_CONTACT,
            User.disabled_at.is_(None),
        )
        .order_by(User.id)
        .with_for_update()
    )
    return len(set(session.scalars(statement)) - {person.id})


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What the list of all people is narrowed to; empty is everybody."""

    text: str = ""
    roles: frozenset[Role] = frozenset()
    state: str = ""
    """`active`, `disabled` or nothing."""


def people_page(session: Session, actor: User, wanted: PeopleFilter, *, after: str = "") -> Page[User]:
    """People by e-mail address; one statement."""
    statement = (
        select(User)
        .where(managed_by(actor), *_conditions(wanted))
        .options(joinedload(User.customer))
        .order_by(User.email)
        .limit(PAGE_ROWS + 1)
    )
    if after:
        statement = statement.where(User.email > after)
    return cut(session.scalars(statement).all(), PAGE_ROWS, lambda person: person.email)


def _conditions(wanted: PeopleFilter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.text:
        text = wanted.text.casefold()
        in_customer = User.customer.has(func.lower(Customer.name).contains(text, autoescape=True))
        named = func.lower(User.name).contains(text, autoescape=True)
        found.append(sa.or_(User.email.contains(text, autoescape=True), named, in_customer))
    if wanted.roles:
        found.append(User.role.in_(wanted.roles))
    if wanted.state:
        found.append(User.disabled_at.is_not(None) if wanted.state == "disabled" else User.disabled_at.is_(None))
    return found
