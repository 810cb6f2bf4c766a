"""Asking for another address, confirming it, letting it be."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk.accounts import rules
from helpdesk.accounts.addressee import Addressee, at_address
from helpdesk.accounts.addresses.models import EmailChange
from helpdesk.accounts.addresses.queries import asked_within_hour, open_change
from helpdesk.accounts.deeds import write_down
from helpdesk.accounts.links import LinkOver, close_links, digest_of, drop_changes
from helpdesk.accounts.models import User
from helpdesk.accounts.queries import user_by_email
from helpdesk.errors import DomainError
from helpdesk.limits import EMAIL_CHANGE_LASTS, EMAIL_CHANGES_PER_HOUR
from helpdesk.notifications.private_links import new_seed, private_link
from helpdesk.notifications.services import queue_mail

PATH = "/account/email/"


class SameAddress(DomainError):
    """That is your address already."""


class TooManyChanges(DomainError):
    """You asked for another address %(count)s times within an hour. Go on a little later."""


def ask_for_change(session: Session, person: User, *, email: str, secret: str, now: datetime) -> EmailChange:
    """Mail a link to the new address and tell the old one; whether somebody has it already cannot be seen.

    Raises `EmailMalformed`, `SameAddress`, `TooManyChanges`.
    """
    address = rules.clean_email(email)
    if address == person.email:
        raise SameAddress
    if asked_within_hour(session, person, now=now) >= EMAIL_CHANGES_PER_HOUR:
        raise TooManyChanges(count=EMAIL_CHANGES_PER_HOUR)
    drop_changes(session, person, now=now)
    seed = new_seed()
    change = EmailChange(
        user_id=person.id,
        email=address,
        token_hash=digest_of(seed, secret=secret),
        asked_at=now,
        expires_at=now + EMAIL_CHANGE_LASTS,
    )
    session.add(change)
    session.flush()
    known = user_by_email(session, address)
    link = {"url": "/sign-in"} if known else private_link(PATH, seed)
    _mail(
        session,
        change,
        known or at_address(person, address),
        "email_known" if known else "email_confirm",
        link=link,
        now=now,
    )
    _mail(session, change, person, "email_asked", link={"url": "/account"}, now=now)
    write_down(session, "user.email_change_asked", person, by=person, now=now, after={"email": address})
    session.flush()
    return change


def confirm_change(session: Session, person: User, *, token: str, now: datetime) -> None:
    """Make the new address the person's own, once, and tell both. Raises `LinkOver`, `EmailTaken`."""
    change = open_change(session, person, token, now=now, lock=True)
    if change is None:
        raise LinkOver
    if user_by_email(session, change.email) is not None:
        raise rules.EmailTaken(email=change.email)
    before = person.email
    try:
        with session.begin_nested():
            person.email = change.email
    except IntegrityError as error:
        raise rules.EmailTaken(email=change.email) from error
    person.mail_failing_since = None
    close_links(session, person, now=now)
    for address in (before, change.email):
        _mail(session, change, at_address(person, address), "email_changed", link={"url": "/account"}, now=now)
    write_down(
        session,
        "user.email_changed",
        person,
        by=person,
        now=now,
        before={"email": before},
        after={"email": change.email},
    )
    session.flush()


def withdraw_change(session: Session, person: User, *, now: datetime) -> None:
    """Let the old address be."""
    drop_changes(session, person, now=now)
    write_down(session, "user.email_change_withdrawn", person, by=person, now=now)
    session.flush()


def _mail(
    session: Session,
    change: EmailChange,
    recipient: User | Addressee,
    kind: str,
    *,
    link: dict[str, str] | dict[str, dict[str, str]],
    now: datetime,
) -> None:
    key = f"{kind}:{change.id}:{rules.account_key(recipient.email)[:12]}"
    queue_mail(
        session,
        kind=kind,
        recipient=recipient,
        subject_type="user",
        subject_id=change.user_id,
        group_key=key,
        dedupe_key=key,
        payload={
            **link,
            "new": change.email,
            "at": now.isoformat(),
            "until": change.expires_at.isoformat(),
        },
        now=now,
    )
