"""Which invitations there are for whom."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.invitations.models import Invitation
from helpdesk.accounts.invitations.rules import is_acceptable
from helpdesk.accounts.models import User
from helpdesk.accounts.sessions.rules import token_hash
from helpdesk.permissions import Permission

_WAITS = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))


def _managed_by(actor: User) -> sa.ColumnElement[bool]:
    if actor.may(Permission.ADMINISTER):
        return sa.true()
    if actor.may(Permission.CUSTOMER_PEOPLE):
        return Invitation.customer_id.is_not(None)
    if actor.may(Permission.ORGANISATION_PEOPLE):
        return Invitation.customer_id == actor.customer_id
    return sa.false()


def pending(session: Session, actor: User, *, customer_id: int | None) -> list[Invitation]:
    """What waits for one customer's people, or for the partner's (None), newest first; one statement."""
    statement = (
        select(Invitation)
        .where(_managed_by(actor), *_WAITS, Invitation.customer_id == customer_id)
        .options(joinedload(Invitation.invited_by))
        .order_by(Invitation.id.desc())
    )
    return list(session.scalars(statement))


def managed_invitation(session: Session, actor: User, public_id: str) -> Invitation | None:
    """One invitation of those that `actor` looks after."""
    statement = (
        select(Invitation)
        .where(_managed_by(actor), Invitation.public_id == public_id)
        .options(joinedload(Invitation.customer), joinedload(Invitation.invited_by))
    )
    return session.scalars(statement).one_or_none()


def waiting_for(session: Session, email: str, *, customer_id: int | None) -> Invitation | None:
    """The invitation of that address to one customer, or to the partner (None), that waits."""
    statement = select(Invitation).where(*_WAITS, Invitation.email == email, Invitation.customer_id == customer_id)
    return session.scalars(statement.limit(1)).first()


def sent_within_hour(session: Session, by: User, *, now: datetime) -> int:
    """How many invitations somebody sent in the last hour."""
    statement = select(func.count()).where(
        Invitation.invited_by_id == by.id, Invitation.sent_at > now - timedelta(hours=1)
    )
    return session.scalars(statement).one()


def open_invitation(session: Session, token: str, *, now: datetime, lock: bool = False) -> Invitation | None:
    """The invitation that a link opens, if it still does; `lock` makes a second use of the link wait."""
    digest = token_hash(token)
    if digest is None:
        return None
    statement = select(Invitation).where(Invitation.token_hash == digest, *_WAITS)
    if lock:
        statement = statement.with_for_update(of=Invitation)
    invitation = session.scalars(statement).one_or_none()
    return invitation if invitation is not None and is_acceptable(invitation, now=now) else None
