"""Requests for a new password."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.recovery.models import PasswordReset
from helpdesk.accounts.recovery.rules import WINDOW, Asked
from helpdesk.accounts.sessions.rules import token_hash


def asked_for_account(session: Session, key: str, *, now: datetime) -> Asked:
    """Requests for one address within the hour, whether or not it has an account."""
    return _asked(session, PasswordReset.account_key == key, now=now)


def asked_from_network(session: Session, network: str, *, now: datetime) -> Asked:
    """Requests from one network within the hour."""
    return _asked(session, PasswordReset.network == network, now=now)


def _asked(session: Session, condition: sa.ColumnElement[bool], *, now: datetime) -> Asked:
    statement = select(func.count(), func.min(PasswordReset.asked_at)).where(
        condition, PasswordReset.asked_at > now - WINDOW
    )
    count, first_at = session.execute(statement).one()
    return Asked(count, first_at)


def open_reset(session: Session, token: str, *, now: datetime, lock: bool = False) -> PasswordReset | None:
    """The request whose link this is, if it still opens; `lock` makes a second use of the link wait."""
    digest = token_hash(token)
    if digest is None:
        return None
    statement = (
        select(PasswordReset)
        .join(PasswordReset.person)
        .where(
            PasswordReset.token_hash == digest,
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > now,
            User.disabled_at.is_(None),
        )
    )
    if lock:
        statement = statement.with_for_update(of=PasswordReset)
    return session.scalars(statement).one_or_none()
