"""Loading the demonstration: everything goes through the services that the product itself uses."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import Customer, User
from helpdesk.accounts.passwords import hashed
from helpdesk.accounts.services import create_customer, create_user
from helpdesk.clock import utc_now
from helpdesk.demo.bills import load_bills
from helpdesk.demo.conversations import load_conversations
from helpdesk.demo.desk import load_desk
from helpdesk.demo.editors import load_editors_room
from helpdesk.demo.invitations import load_invitations
from helpdesk.demo.mailroom import mails_arrive
from helpdesk.demo.mails import load_mails
from helpdesk.demo.notices import load_notices, load_policy
from helpdesk.demo.people import ORGANISATIONS, PASSWORD, STAFF, Person
from helpdesk.demo.readers import load_readers
from helpdesk.demo.running import load_running
from helpdesk.demo.steering import load_decisions, propose_due
from helpdesk.demo.suspended import load_suspensions
from helpdesk.demo.workroom import load_workroom
from helpdesk.extensions import db, settings
from helpdesk.files.store import file_store


def load_demo_once() -> bool:
    """Load the demonstration into an empty installation; says whether it did."""
    if db.session.scalar(select(func.count()).select_from(User)):
        db.session.rollback()  # the caller serves from here on: an open transaction would lock everybody out
        return False
    load_demo(db.session, now=utc_now())
    db.session.commit()
    return True


def load_demo(session: Session, *, now: datetime) -> None:
    """A dozen customers with their bills, notices and tickets, as they stand at `now`."""
    people = load_people(session, now=now - timedelta(days=300))
    load_policy(session, people, now=now)
    load_bills(session, now=now)
    load_notices(session, now=now)
    load_suspensions(session, people, now=now)
    propose_due(session, now=now)
    mails_arrive(session)
    load_conversations(session, people, store=file_store(settings()), now=now)
    load_workroom(session, people, now=now)
    load_desk(session, people, store=file_store(settings()), now=now)
    load_mails(session, people, settings=settings(), now=now)
    load_running(session, people, now=now)
    load_decisions(session, people, now=now)
    load_readers(session, now=now)
    load_editors_room(session, people, now=now)
    load_invitations(session, people, secret=settings().secret(), now=now)


def load_people(session: Session, *, now: datetime) -> dict[str, User]:
    """Customers and people, by e-mail address. One password hash serves them all: hashing is slow on purpose."""
    shared = hashed(PASSWORD)
    people = {person.email: _person(session, person, shared, now=now) for person in STAFF}
    for organisation in ORGANISATIONS:
        customer = create_customer(
            session,
            name=organisation.name,
            tenant_id=organisation.tenant_id,
            domain=organisation.domain,
            locale=organisation.locale,
            time_zone=organisation.time_zone,
            now=now,
        )
        for person in organisation.people:
            people[person.email] = _person(session, person, shared, now=now, customer=customer)
    return people


def _person(
    session: Session, person: Person, password_hash: str, *, now: datetime, customer: Customer | None = None
) -> User:
    user = create_user(
        session,
        email=person.email,
        name=person.name,
        role=person.role,
        password=None,
        now=now,
        customer=customer,
        locale=person.locale,
    )
    user.password_hash = password_hash
    user.time_zone = customer.time_zone if customer else "Asia/Shanghai"
    return user
