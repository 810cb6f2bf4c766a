"""Who has a second factor."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.second_factor.models import RecoveryCode, SecondFactor
from helpdesk.accounts.second_factor.rules import recovery_hash


def second_factor_of(session: Session, person: User) -> SecondFactor | None:
    """What is kept of a person's second factor, confirmed or not; read anew: another request may have used a code."""
    statement = select(SecondFactor).where(SecondFactor.user_id == person.id)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def has_second_factor(session: Session, person: User) -> bool:
    """Whether a code is asked of a person at sign-in."""
    factor = second_factor_of(session, person)
    return factor is not None and factor.is_on


def unused_code(session: Session, person: User, code: str) -> RecoveryCode | None:
    """The recovery code that was typed, if the person may still use it."""
    statement = select(RecoveryCode).where(
        RecoveryCode.user_id == person.id,
        RecoveryCode.code_hash == recovery_hash(code),
        RecoveryCode.used_at.is_(None),
    )
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def unused_codes(session: Session, person: User) -> int:
    """How many recovery codes are left."""
    statement = select(func.count()).where(RecoveryCode.user_id == person.id, RecoveryCode.used_at.is_(None))
    return session.scalars(statement).one()


def all_sealed(session: Session) -> list[SecondFactor]:
    """Every second factor that holds something sealed."""
    statement = select(SecondFactor).where(
        or_(SecondFactor.sealed_secret.is_not(None), SecondFactor.pending_secret.is_not(None))
    )
    return list(session.scalars(statement.order_by(SecondFactor.user_id)))
