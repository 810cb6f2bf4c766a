"""Beginning, confirming and ending sessions."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from helpdesk.accounts import rules
from helpdesk.accounts.deeds import write_down
from helpdesk.accounts.models import User
from helpdesk.accounts.passwords import matches
from helpdesk.accounts.second_factor.sealing import Seal
from helpdesk.accounts.second_factor.services import check_second_step
from helpdesk.accounts.sessions.models import UserSession
from helpdesk.accounts.sessions.rules import token_hash
from helpdesk.accounts.throttling import counted_attempt
from helpdesk.errors import DomainError
from helpdesk.limits import SESSION_ABSOLUTE


def begin_session(
    session: Session, person: User, *, device: str, address: str | None, now: datetime, is_two_step: bool = False
) -> tuple[UserSession, str]:
    """Sign a device in: its row, and the random value for its cookie, which is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    row = UserSession(
        user_id=person.id,
        token_hash=token_hash(token),
        epoch=person.epoch,
        device=device[:300],
        network=rules.network_of(address),
        is_two_step=is_two_step,
        started_at=now,
        seen_at=now,
        confirmed_at=now,
    )
    session.add(row)
    session.flush()
    return row, token


class PasswordWrong(DomainError):
    """That is not your password."""


def confirm_by_password(
    session: Session, row: UserSession, person: User, *, password: str, address: str | None, now: datetime
) -> None:
    """Note that a person proved again who they are on this device.

    Raises `PasswordWrong`, and `SignInDelayed`, as guessing here counts as trying to sign in. The caller commits
    either way.
    """
    attempt = counted_attempt(session, rules.account_key(person.email), address=address, now=now)
    if not matches(person.password_hash, password):
        write_down(session, "user.confirmation_failed", person, by=person, now=now)
        raise PasswordWrong
    attempt.succeeded = True
    confirm(session, row, person, now=now)


def confirm_by_code(
    session: Session,
    row: UserSession,
    person: User,
    *,
    code: str,
    seal: Seal,
    address: str | None,
    now: datetime,
) -> None:
    """The same by a code of the app or a recovery code.

    Raises `CodeRefused`, `RecoveryCodeRefused` and `SignInDelayed`. The caller commits either way.
    """
    check_second_step(session, person, code=code, seal=seal, address=address, now=now)
    confirm(session, row, person, now=now)


def confirm(session: Session, row: UserSession, person: User, *, now: datetime) -> None:
    """Count the device as fresh from now on, whatever the proof was."""
    row.confirmed_at = now
    write_down(session, "user.confirmed", person, by=person, now=now)
    session.flush()


def end_session(session: Session, row: UserSession, *, by: User, now: datetime) -> None:
    """Sign one device out at once."""
    session.delete(row)
    write_down(session, "user.session_ended", by, by=by, now=now)
    session.flush()


def end_other_sessions(session: Session, person: User, *, kept: UserSession, now: datetime) -> None:
    """Sign every other device of a person out at once."""
    session.execute(delete(UserSession).where(UserSession.user_id == person.id, UserSession.id != kept.id))
    write_down(session, "user.sessions_ended", person, by=person, now=now)
    session.flush()


def end_all_sessions(session: Session, person: User, *, now: datetime, by: User | None = None) -> None:
    """Sign every device of a person out at once; cookies that were copied are worth nothing afterwards."""
    session.execute(delete(UserSession).where(UserSession.user_id == person.id))
    person.epoch += 1
    write_down(session, "user.sessions_ended", person, by=by or person, now=now)
    session.flush()


def forget_ended_sessions(session: Session, now: datetime) -> None:
    """Delete the rows of sessions that ended by themselves."""
    longest = max(SESSION_ABSOLUTE.values())
    session.execute(delete(UserSession).where(UserSession.seen_at < now - longest))
