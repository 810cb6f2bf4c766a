"""Policy versions and who accepted them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from helpdesk.collections.models import CollectionsPolicy, PolicyAcceptance
from helpdesk.collections.rules.policies import CHOSEN, DEFAULT_DAYS


def _published() -> Select[CollectionsPolicy]:
    return (
        select(CollectionsPolicy)
        .where(CollectionsPolicy.published_at.is_not(None))
        .options(selectinload(CollectionsPolicy.stages), selectinload(CollectionsPolicy.texts))
    )


def policy_in_force(session: Session, today: date) -> CollectionsPolicy | None:
    """The newest published version that has taken effect, with stages and texts."""
    statement = _published().where(CollectionsPolicy.effective_from <= today)
    return session.scalars(statement.order_by(CollectionsPolicy.version.desc()).limit(1)).one_or_none()


def policy_version(session: Session, version: int) -> CollectionsPolicy | None:
    """One published version, with stages and texts."""
    return session.scalars(_published().where(CollectionsPolicy.version == version)).one_or_none()


def policies(session: Session) -> list[CollectionsPolicy]:
    """Every published version, newest first, without its texts."""
    statement = select(CollectionsPolicy).where(CollectionsPolicy.published_at.is_not(None))
    return list(session.scalars(statement.order_by(CollectionsPolicy.version.desc())))


def acceptance_of(session: Session, customer_id: int) -> PolicyAcceptance | None:
    """The newest version that a customer accepted, with who did it and the text."""
    statement = (
        select(PolicyAcceptance)
        .join(PolicyAcceptance.policy)
        .where(PolicyAcceptance.customer_id == customer_id)
        .options(
            joinedload(PolicyAcceptance.user),
            joinedload(PolicyAcceptance.policy).selectinload(CollectionsPolicy.texts),
        )
        .order_by(CollectionsPolicy.version.desc())
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def stage_variables(session: Session, today: date) -> dict[str, int]:
    """The days of the policy in force by the names that articles use; before the first, those that are offered."""
    policy = policy_in_force(session, today)
    days = {kind: policy.day_of(kind) for kind in CHOSEN} if policy else DEFAULT_DAYS
    return {f"{kind.value}_day": day for kind, day in days.items()}
