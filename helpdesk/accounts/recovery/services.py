"""Asking for a new password, and choosing it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from helpdesk.accounts import rules as account_rules
from helpdesk.accounts.addressee import Addressee
from helpdesk.accounts.deeds import write_down
from helpdesk.accounts.links import LinkOver, digest_of
from helpdesk.accounts.models import User
from helpdesk.accounts.queries import user_by_email
from helpdesk.accounts.recovery.models import PasswordReset
from helpdesk.accounts.recovery.queries import asked_for_account, asked_from_network, open_reset
from helpdesk.accounts.recovery.rules import WINDOW, check_asked
from helpdesk.accounts.services import set_password, tell_password_changed
from helpdesk.accounts.sessions.services import end_all_sessions
from helpdesk.accounts.throttling import one_at_a_time
from helpdesk.limits import RESET_LASTS, RESETS_PER_HOUR, RESETS_PER_HOUR_NETWORK
from helpdesk.notifications.private_links import new_seed, private_link
from helpdesk.notifications.services import queue_mail

PATH = "/reset/"


def ask_for_reset(session: Session, *, email: str, address: str | None, secret: str, now: datetime) -> None:
    """Mail a link to who has that address; for an unknown one do the same work and mail nothing.

    Raises `TooManyResets`, for known and unknown addresses alike.
    """
    key, network = account_rules.account_key(email), account_rules.network_of(address)
    one_at_a_time(session, key)
    check_asked(asked_for_account(session, key, now=now), most=RESETS_PER_HOUR, now=now)
    check_asked(asked_from_network(session, network, now=now), most=RESETS_PER_HOUR_NETWORK, now=now)
    found = user_by_email(session, email)
    person = found if found is not None and found.is_active else None
    seed = new_seed()
    reset = PasswordReset(
        account_key=key,
        network=network,
        person=person,
        token_hash=digest_of(seed, secret=secret),
        asked_at=now,
        expires_at=now + RESET_LASTS,
    )
    session.add(reset)
    write_down(session, "user.reset_asked", person, by=None, now=now)
    session.flush()
    if person is not None:
        _mail(session, reset, person, seed=seed, now=now)
        return
    nobody = Addressee(None, "nobody@invalid.invalid", "-", "en", "UTC")
    with session.begin_nested() as same_work:
        _mail(session, reset, nobody, seed=seed, now=now)
        same_work.rollback()


def _mail(session: Session, reset: PasswordReset, recipient: User | Addressee, *, seed: str, now: datetime) -> None:
    queue_mail(
        session,
        kind="password_reset",
        recipient=recipient,
        subject_type="user",
        subject_id=recipient.id or 0,
        group_key=f"password_reset:{reset.id}",
        dedupe_key=f"password_reset:{reset.id}",
        payload={**private_link(PATH, seed), "at": now.isoformat(), "until": reset.expires_at.isoformat()},
        now=now,
    )
    session.flush()


def reset_password(session: Session, *, token: str, password: str, now: datetime) -> User:
    """Give the person of the link a new password, once; every session of theirs ends, and they are told.

    Raises `LinkOver` and the errors of `passwords`, which leave the link as it was.
    """
    reset = open_reset(session, token, now=now, lock=True)
    if reset is None or reset.person is None:
        raise LinkOver
    person = reset.person
    set_password(session, person, password=password, now=now)
    end_all_sessions(session, person, now=now)
    reset.used_at = now
    tell_password_changed(session, person, now=now)
    session.flush()
    return person


def forget_resets(session: Session, now: datetime) -> None:
    """Delete the requests that neither open nor count any more; the audit trail keeps what matters of them."""
    session.execute(delete(PasswordReset).where(PasswordReset.asked_at < now - max(WINDOW, RESET_LASTS)))
