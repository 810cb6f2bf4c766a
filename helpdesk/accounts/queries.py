"""Who is who."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import Customer, SignInAttempt, User
from helpdesk.accounts.rules import BURST, BURST_WITHIN, COUNTED, EVERYWHERE, Failures
from helpdesk.permissions import Role

_ANSWERING = (Role.AGENT, Role.LEAD, Role.ADMINISTRATOR)


def user_by_email(session: Session, email: str) -> User | None:
    """The person with that address, whatever its case, disabled or not."""
    statement = (
        select(User).options(joinedload(User.customer)).where(User.email == email.replace("\0", "").strip().lower())
    )
    return session.scalars(statement).one_or_none()


def people_of(session: Session, customer_id: int) -> list[User]:
    """Everyone of a customer who may sign in, in the order in which they came."""
    statement = select(User).where(User.customer_id == customer_id, User.disabled_at.is_(None)).order_by(User.id)
    return list(session.scalars(statement))


def billing_contacts_of(session: Session, customer_id: int) -> list[User]:
    """A customer's billing contacts who may sign in."""
    return [person for person in people_of(session, customer_id) if person.role is Role.BILLING_CONTACT]


def who_answers() -> tuple[ColumnElement[bool], ...]:
    """Conditions over people: agents, leads and administrators who may sign in."""
    return User.role.in_(_ANSWERING), User.disabled_at.is_(None)


def agents(session: Session) -> list[User]:
    """All of them, by name."""
    return list(session.scalars(select(User).where(*who_answers()).order_by(User.name, User.id)))


def editors(session: Session) -> list[User]:
    """Editors of the articles who may sign in; administrators where there are none."""
    statement = select(User).where(User.role == Role.KB_EDITOR, User.disabled_at.is_(None)).order_by(User.id)
    return list(session.scalars(statement)) or administrators(session)


def administrators(session: Session) -> list[User]:
    """Administrators who may sign in."""
    statement = select(User).where(User.role == Role.ADMINISTRATOR, User.disabled_at.is_(None)).order_by(User.id)
    return list(session.scalars(statement))


def customers_by_name(session: Session) -> list[Customer]:
    """All customers, for the partner's people to choose from."""
    return list(session.scalars(select(Customer).order_by(Customer.name, Customer.id)))


def customer_by_domain(session: Session, domain: str) -> Customer | None:
    """The customer of that domain."""
    return session.scalars(select(Customer).where(Customer.domain == domain.strip().lower())).one_or_none()


def account_failures(session: Session, key: str, *, now: datetime) -> Failures:
    """Failed tries for one account since it was last signed in to, within the time that counts."""
    last_success = (
        select(func.max(SignInAttempt.id))
        .where(SignInAttempt.account_key == key, SignInAttempt.succeeded)
        .scalar_subquery()
    )
    statement = select(func.count(), func.max(SignInAttempt.at)).where(
        SignInAttempt.account_key == key,
        SignInAttempt.at > now - COUNTED,
        SignInAttempt.succeeded.is_(False),
        SignInAttempt.id > func.coalesce(last_success, 0),
    )
    count, last_at = session.execute(statement).one()
    return Failures(count, last_at)


def network_failures(session: Session, network: str, *, now: datetime) -> Failures:
    """Failed tries from one network within the time that counts, whatever the account."""
    statement = select(func.count(), func.max(SignInAttempt.at)).where(
        SignInAttempt.network == network,
        SignInAttempt.at > now - COUNTED,
        SignInAttempt.succeeded.is_(False),
    )
    count, last_at = session.execute(statement).one()
    return Failures(count, last_at)


def latest_network_failures(session: Session, network: str, *, now: datetime) -> list[datetime]:
    """When the last failed tries from one network were, newest first, as far as they count as a burst."""
    statement = select(SignInAttempt.at).where(
        SignInAttempt.network == network,
        SignInAttempt.at > now - BURST_WITHIN,
        SignInAttempt.succeeded.is_(False),
    )
    return list(session.scalars(statement.order_by(SignInAttempt.at.desc()).limit(BURST)))


def failures_everywhere(session: Session, *, now: datetime) -> Failures:
    """Failed tries of all accounts and networks within the time that counts, counted no further than it matters."""
    enough = EVERYWHERE.free + 20
    counted = (
        select(SignInAttempt.at)
        .where(SignInAttempt.at > now - COUNTED, SignInAttempt.succeeded.is_(False))
        .order_by(SignInAttempt.at.desc())
        .limit(enough)
        .subquery()
    )
    count, last_at = session.execute(select(func.count(), func.max(counted.c.at))).one()
    return Failures(count, last_at)


def is_at_home(session: Session, key: str, network: str) -> bool:
    """Whether somebody signed in to an account from that network as far back as we remember."""
    statement = select(SignInAttempt.id).where(
        SignInAttempt.account_key == key, SignInAttempt.network == network, SignInAttempt.succeeded
    )
    return session.scalars(statement.limit(1)).first() is not None
