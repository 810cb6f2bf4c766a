"""Whose identity is whose."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from helpdesk.accounts.models import User
from helpdesk.accounts.oidc.models import OidcIdentity


def person_by_identity(session: Session, *, issuer: str, subject: str) -> User | None:
    """The person who is linked to that name at that provider, disabled or not."""
    statement = (
        select(User)
        .join(OidcIdentity, OidcIdentity.user_id == User.id)
        .options(joinedload(User.customer))
        .where(OidcIdentity.issuer == issuer, OidcIdentity.subject == subject)
    )
    return session.scalars(statement).one_or_none()


def identity_linked(session: Session, person: User) -> OidcIdentity | None:
    """A person's link to a provider, the latest if there are several."""
    statement = select(OidcIdentity).where(OidcIdentity.user_id == person.id).order_by(OidcIdentity.id.desc())
    return session.scalars(statement.limit(1)).first()


def is_linked(session: Session, person: User, *, issuer: str) -> bool:
    """Whether a person is linked to a name at that provider."""
    statement = select(OidcIdentity.id).where(OidcIdentity.user_id == person.id, OidcIdentity.issuer == issuer)
    return session.scalars(statement).first() is not None
