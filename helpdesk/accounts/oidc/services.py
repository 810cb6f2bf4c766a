"""Recognising the person whom the provider names."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.accounts.deeds import write_down
from helpdesk.accounts.models import User
from helpdesk.accounts.oidc.models import OidcIdentity
from helpdesk.accounts.oidc.queries import is_linked, person_by_identity
from helpdesk.accounts.oidc.rules import AddressUnverified, Identity, NobodyByThatName, NotAgain, check_again
from helpdesk.accounts.queries import user_by_email


def recognise(session: Session, identity: Identity, *, now: datetime) -> User:
    """The active person who is linked to the identity, or whose address it proves; the latter are linked from then on.

    Nobody is created. Raises `AddressUnverified` and `NobodyByThatName`.
    """
    linked = person_by_identity(session, issuer=identity.issuer, subject=identity.subject)
    if linked is not None:
        return _active(linked)
    if identity.email is None:
        raise AddressUnverified
    person = _active(user_by_email(session, identity.email))
    if is_linked(session, person, issuer=identity.issuer):
        raise NobodyByThatName
    session.add(OidcIdentity(user_id=person.id, issuer=identity.issuer, subject=identity.subject, linked_at=now))
    after = {"issuer": identity.issuer, "subject": identity.subject}
    write_down(session, "user.identity_linked", person, by=person, now=now, after=after)
    session.flush()
    return person


def _active(person: User | None) -> User:
    if person is None or not person.is_active:
        raise NobodyByThatName
    return person


def check_same_person(session: Session, identity: Identity, person: User, *, now: datetime) -> None:
    """Make sure that `person` signed in at the provider just now. Raises `NotAgain`."""
    check_again(identity, now=now)
    linked = person_by_identity(session, issuer=identity.issuer, subject=identity.subject)
    if linked is None or linked.id != person.id:
        raise NotAgain
