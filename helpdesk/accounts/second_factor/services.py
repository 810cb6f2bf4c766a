"""Setting up, using and removing the second factor."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from helpdesk.accounts.deeds import write_down
from helpdesk.accounts.models import User
from helpdesk.accounts.second_factor import rules
from helpdesk.accounts.second_factor.models import RecoveryCode, SecondFactor
from helpdesk.accounts.second_factor.queries import all_sealed, has_second_factor, second_factor_of, unused_code
from helpdesk.accounts.second_factor.sealing import Seal
from helpdesk.accounts.throttling import counted_attempt
from helpdesk.notifications.services import queue_mail


def begin_set_up(session: Session, person: User, *, seal: Seal) -> None:
    """Make a secret for a new app; what is in use stays in use until a code of the new one is given."""
    factor = second_factor_of(session, person) or SecondFactor(user_id=person.id)
    factor.pending_secret = seal.close(rules.new_secret())
    session.add(factor)
    session.flush()


def pending_secret(session: Session, person: User, *, seal: Seal) -> str | None:
    """The secret to be shown on the set-up page, or None where none was begun."""
    factor = second_factor_of(session, person)
    return seal.open(factor.pending_secret) if factor is not None and factor.pending_secret else None


def finish_set_up(
    session: Session, person: User, *, code: str, seal: Seal, address: str | None, now: datetime
) -> list[str]:
    """Ask for a code from here on, and give out recovery codes; every other session ends.

    Raises `NotSetUp`, `CodeRefused` and `SignInDelayed`. The caller commits either way.
    """
    attempt = counted_attempt(session, rules.attempts_key(person.id), address=address, now=now)
    factor = second_factor_of(session, person)
    if factor is None or not factor.pending_secret:
        raise rules.NotSetUp
    step = rules.matching_step(seal.open(factor.pending_secret), code, now=now, after=None)
    if step is None:
        raise rules.CodeRefused
    attempt.succeeded = True
    kind = "second_factor_replaced" if factor.is_on else "second_factor_on"
    factor.sealed_secret, factor.pending_secret = factor.pending_secret, None
    factor.confirmed_at, factor.last_step = now, step
    person.epoch += 1
    codes = _new_codes(session, person)
    _tell(session, kind, person, by=person, now=now)
    return codes


def renew_codes(session: Session, person: User, *, now: datetime) -> list[str]:
    """Give out new recovery codes; the earlier ones are void. Raises `SecondStepMissing`."""
    if not has_second_factor(session, person):
        raise rules.SecondStepMissing(email=person.email)
    codes = _new_codes(session, person)
    write_down(session, "user.recovery_codes_renewed", person, by=person, now=now)
    session.flush()
    return codes


def _new_codes(session: Session, person: User) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == person.id))
    codes = rules.new_recovery_codes()
    session.add_all(RecoveryCode(user_id=person.id, code_hash=rules.recovery_hash(code)) for code in codes)
    session.flush()
    return codes


def check_second_step(
    session: Session, person: User, *, code: str, seal: Seal, address: str | None, now: datetime
) -> None:
    """Take a code of the app or a recovery code, each once.

    Raises `CodeRefused`, `RecoveryCodeRefused` and `SignInDelayed`. The caller commits either way: the try is counted.
    """
    attempt = counted_attempt(session, rules.attempts_key(person.id), address=address, now=now)
    try:
        _use(session, person, code=code, seal=seal, now=now)
    except (rules.CodeRefused, rules.RecoveryCodeRefused):
        write_down(session, "user.second_step_failed", person, by=None, now=now)
        session.flush()
        raise
    attempt.succeeded = True
    session.flush()


def _use(session: Session, person: User, *, code: str, seal: Seal, now: datetime) -> None:
    factor = second_factor_of(session, person)
    if factor is None or factor.sealed_secret is None:
        raise rules.CodeRefused
    if rules.looks_like_recovery(code):
        _use_recovery_code(session, person, code, now=now)
        return
    step = rules.matching_step(seal.open(factor.sealed_secret), code, now=now, after=factor.last_step)
    if step is None:
        raise rules.CodeRefused
    factor.last_step = step


def _use_recovery_code(session: Session, person: User, code: str, *, now: datetime) -> None:
    kept = unused_code(session, person, code)
    if kept is None:
        raise rules.RecoveryCodeRefused
    kept.used_at = now
    _tell(session, "recovery_code_used", person, by=person, now=now)


def remove_second_factor(
    session: Session, person: User, *, required: bool, now: datetime, by: User | None = None
) -> None:
    """Ask for no code any more; every session ends.

    `required` says whether the person's role needs one: then only others may take it away, so that a lost phone can
    be replaced. Raises `SecondStepNeeded` and `SecondStepMissing`.
    """
    if required and by is person:
        raise rules.SecondStepNeeded
    if not has_second_factor(session, person):
        raise rules.SecondStepMissing(email=person.email)
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == person.id))
    session.execute(delete(SecondFactor).where(SecondFactor.user_id == person.id))
    person.epoch += 1
    _tell(session, "second_factor_off", person, by=by, now=now)


def renew_seals(session: Session, *, seal: Seal) -> int:
    """Seal everything with the newest key; returns how many people's secrets were sealed anew. Raises `SealBroken`."""
    changed = 0
    for factor in all_sealed(session):
        before = (factor.sealed_secret, factor.pending_secret)
        factor.sealed_secret, factor.pending_secret = (
            sealed if sealed is None or seal.is_newest(sealed) else seal.renewed(sealed) for sealed in before
        )
        changed += (factor.sealed_secret, factor.pending_secret) != before
    session.flush()
    return changed


def _tell(session: Session, kind: str, person: User, *, by: User | None, now: datetime) -> None:
    """Write it down, and tell the person by mail: whoever did it, they should know."""
    write_down(session, f"user.{kind}", person, by=by, now=now)
    queue_mail(
        session,
        kind="second_step_changed",
        recipient=person,
        subject_type="user",
        subject_id=person.id,
        group_key=f"user:{person.id}",
        dedupe_key=f"{kind}:{person.id}:{now.isoformat()}",
        payload={"what": kind, "at": now.isoformat(), "url": "/account/security"},
        now=now,
    )
    session.flush()
