"""Making customers and people, signing in and out, and passwords."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.accounts import rules
from helpdesk.accounts.deeds import write_down
from helpdesk.accounts.links import close_links
from helpdesk.accounts.models import Customer, User
from helpdesk.accounts.passwords import check_password, hashed, is_outdated, matches
from helpdesk.accounts.queries import user_by_email
from helpdesk.accounts.second_factor.queries import has_second_factor
from helpdesk.accounts.throttling import counted_attempt
from helpdesk.notifications.services import queue_mail
from helpdesk.permissions import Role


def create_customer(
    session: Session,
    *,
    name: str,
    tenant_id: str,
    domain: str,
    locale: str,
    now: datetime,
    time_zone: str = "Asia/Shanghai",
) -> Customer:
    """Add an organisation. Raises `TenantMalformed`, `DomainMalformed`, `TimeZoneUnknown`, `CustomerKnown`."""
    tenant, domain = rules.clean_tenant_id(tenant_id), rules.clean_domain(domain)
    known = select(Customer.id).where(or_(Customer.tenant_id == tenant, Customer.domain == domain)).limit(1)
    if session.scalars(known).first() is not None:
        raise rules.CustomerKnown
    customer = Customer(
        name=rules.clean_name(name),
        tenant_id=tenant,
        domain=domain,
        locale=locale,
        time_zone=rules.check_time_zone(time_zone),
        created_at=now,
    )
    session.add(customer)
    session.flush()
    return customer


def create_user(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    password: str | None,
    now: datetime,
    customer: Customer | None = None,
    locale: str = "en",
    by: User | None = None,
) -> User:
    """Add a person; without a password nobody can sign in as them yet. Raises errors of `rules` and `passwords`."""
    email, name = rules.clean_email(email), rules.clean_name(name)
    _check_belonging(role, customer)
    if password is not None:
        check_password(password, personal=(email, name))
    if user_by_email(session, email) is not None:
        raise rules.EmailTaken(email=email)
    person = _added_alone(
        session,
        email,
        name=name,
        role=role,
        customer=customer,
        password_hash=None if password is None else hashed(password),
        locale=locale,
        time_zone=customer.time_zone if customer else "Asia/Shanghai",
        created_at=now,
    )
    write_down(session, "user.created", person, by=by, now=now, after={"email": email, "role": role.value})
    return person


def _added_alone(session: Session, email: str, **more: object) -> User:
    """Save somebody; the database lets an address stand once, whoever came with it at the same moment."""
    try:
        with session.begin_nested():
            person = User(email=email, **more)
            session.add(person)
    except IntegrityError as error:
        raise rules.EmailTaken(email=email) from error
    return person


def _check_belonging(role: Role, customer: Customer | None) -> None:
    if role.is_customer and customer is None:
        raise rules.CustomerNeeded
    if role.is_staff and customer is not None:
        raise rules.CustomerNotAllowed


def disable_user(session: Session, person: User, *, now: datetime, by: User | None = None) -> None:
    """End a person's access, and every session at once. Raises `AlreadyDisabled`."""
    if person.disabled_at is not None:
        raise rules.AlreadyDisabled(email=person.email)
    person.disabled_at = now
    person.epoch += 1
    write_down(session, "user.disabled", person, by=by, now=now)
    session.flush()


def sign_in(session: Session, *, email: str, password: str, address: str | None, now: datetime) -> User:
    """The person whose address and password these are; who has a second factor owes it still.

    Raises `SignInRefused`, the same for a wrong password, an unknown address and a disabled account, and after the
    same work; `SignInDelayed` after too many failed tries. The caller commits either way: the try is counted.
    """
    attempt = counted_attempt(session, rules.account_key(email), address=address, now=now)
    person = user_by_email(session, email)
    known = person if person is not None and person.is_active else None
    if not matches(known.password_hash if known else None, password) or known is None:
        write_down(session, "user.sign_in_failed", person, by=None, now=now)
        session.flush()
        raise rules.SignInRefused
    attempt.succeeded = True
    _keep_hash_strong(known, password)
    if has_second_factor(session, known):
        write_down(session, "user.password_accepted", known, by=known, now=now)
        session.flush()
        return known
    note_sign_in(session, known, now=now)
    return known


def note_sign_in(session: Session, person: User, *, now: datetime) -> None:
    """Write down that a person is in, with every step that they needed."""
    person.last_sign_in_at = now
    write_down(session, "user.signed_in", person, by=person, now=now)
    session.flush()


def _keep_hash_strong(person: User, password: str) -> None:
    if person.password_hash and is_outdated(person.password_hash):
        person.password_hash = hashed(password)


def sign_out(session: Session, person: User, *, now: datetime) -> None:
    """Note that a person signed out; the edge ends the session."""
    write_down(session, "user.signed_out", person, by=person, now=now)
    session.flush()


def set_password(session: Session, person: User, *, password: str, now: datetime, by: User | None = None) -> None:
    """Give a person a new password, end their other sessions and every mailed link. Raises errors of `passwords`."""
    check_password(password, personal=(person.email, person.name))
    person.password_hash = hashed(password)
    person.epoch += 1
    close_links(session, person, now=now)
    write_down(session, "user.password_changed", person, by=by or person, now=now)
    session.flush()


def change_password(
    session: Session, person: User, *, current: str, password: str, address: str | None, now: datetime
) -> None:
    """Change one's own password and be told so by mail.

    Raises `CurrentPasswordWrong`, `SignInDelayed` (guessing it here counts as trying to sign in) and the errors of
    `passwords`. The caller commits either way.
    """
    attempt = counted_attempt(session, rules.account_key(person.email), address=address, now=now)
    if not matches(person.password_hash, current):
        raise rules.CurrentPasswordWrong
    attempt.succeeded = True
    set_password(session, person, password=password, now=now)
    tell_password_changed(session, person, now=now)


def tell_password_changed(session: Session, person: User, *, now: datetime) -> None:
    """Tell a person by mail that their password is another one now."""
    queue_mail(
        session,
        kind="password_changed",
        recipient=person,
        subject_type="user",
        subject_id=person.id,
        group_key=f"user:{person.id}",
        dedupe_key=f"password_changed:{person.id}:{person.epoch}",
        payload={"at": now.isoformat(), "url": "/account"},
        now=now,
    )


def update_profile(session: Session, person: User, *, name: str, locale: str, time_zone: str) -> None:
    """Change how a person is addressed, and in which language and zone. Raises `NameMissing`, `TimeZoneUnknown`."""
    person.name = rules.clean_name(name)
    person.locale = locale
    person.time_zone = rules.check_time_zone(time_zone)
    session.flush()
