"""Changing what a person may do, and ending or opening their access."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.accounts.deeds import write_down
from helpdesk.accounts.models import User
from helpdesk.accounts.people import rules
from helpdesk.accounts.people.mails import tell_role_changed
from helpdesk.accounts.people.queries import other_contacts
from helpdesk.accounts.services import disable_user
from helpdesk.permissions import Role


def change_role(session: Session, person: User, *, role: Role, by: User, now: datetime, reason: str = "") -> None:
    """Give a person another role; every session of theirs ends, and they are told, for staff the administrators too.

    Raises `MayNotManage`, `RoleNotYours`, `OwnAccount`, `RoleUnchanged`, `LastBillingContact`,
    `LastContactUnexplained`.
    """
    for each in (person.role, role):
        rules.check_grant(by, each, customer_id=person.customer_id)
    _check_not_oneself(person, by)
    if role is person.role:
        raise rules.RoleUnchanged(name=person.name)
    _check_last_contact(session, person, by=by, reason=reason)
    before, person.role = person.role, role
    person.epoch += 1
    tell_role_changed(session, person, before=before, by=by, now=now)
    write_down(
        session,
        "user.role_changed",
        person,
        by=by,
        now=now,
        before={"role": before.value},
        after={"role": role.value, **_words(reason)},
    )
    session.flush()


def end_access(session: Session, person: User, *, by: User, now: datetime, reason: str = "") -> None:
    """Deactivate an account; every session of it ends at once.

    Raises `MayNotManage`, `OwnAccount`, `AlreadyDisabled`, `LastBillingContact`, `LastContactUnexplained`.
    """
    rules.check_may_manage(by, customer_id=person.customer_id)
    _check_not_oneself(person, by)
    if person.is_active:
        _check_last_contact(session, person, by=by, reason=reason)
    disable_user(session, person, now=now, by=by)
    if reason.strip():
        write_down(session, "user.disabling_explained", person, by=by, now=now, after=_words(reason))
    session.flush()


def open_access(session: Session, person: User, *, now: datetime, by: User | None = None) -> None:
    """Let a person sign in again; `by` None is the console. Raises `MayNotManage`, `AlreadyEnabled`."""
    if by is not None:
        rules.check_may_manage(by, customer_id=person.customer_id)
        if not by.role.is_staff:
            raise rules.MayNotManage
    if person.is_active:
        raise rules.AlreadyEnabled(email=person.email)
    person.disabled_at = None
    write_down(session, "user.enabled", person, by=by, now=now)
    session.flush()


def _check_not_oneself(person: User, by: User) -> None:
    if person.id == by.id:
        raise rules.OwnAccount


def _check_last_contact(session: Session, person: User, *, by: User, reason: str) -> None:
    if person.role is not Role.BILLING_CONTACT or person.customer is None or not person.is_active:
        return
    others = other_contacts(session, person)
    rules.check_last_contact(by, others=others, reason=reason, name=person.name, customer=person.customer.name)


def _words(reason: str) -> dict[str, str]:
    cleaned = " ".join(reason.replace("\0", " ").split())[: rules.REASON_MAX]
    return {"reason": cleaned} if cleaned else {}
