"""Who is there: on duty, off duty, away for long, disabled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from helpdesk.accounts.models import User
from helpdesk.limits import AWAY_WORKING_HOURS
from helpdesk.permissions import Permission, Role, may
from helpdesk.tickets.models import AgentGroup, AssignmentRule, Duty, Ticket
from helpdesk.tickets.rules.states import LIVE_STATES
from helpdesk.workcalendar.rules import WorkCalendar


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of the partner's people: whether they can work on tickets, and are on duty."""

    id: int
    public_id: str
    name: str
    may_work: bool
    """Neither disabled, nor of a role that does not answer tickets."""
    is_on: bool
    since: datetime | None
    """Since when on or off duty; None for somebody who never said."""
    last_given_at: datetime | None
    is_away: bool
    """Owns nothing that others may rely on: disabled, moved to other work, or off duty for long."""


def colleagues(session: Session, *, now: datetime, calendar: WorkCalendar) -> list[Colleague]:
    """Everybody of the partner, by name; one statement."""
    left_before = calendar.hours_before(now, AWAY_WORKING_HOURS)
    statement = (
        sa.select(
            User.id, User.public_id, User.name, User.role, User.disabled_at, Duty.is_on, Duty.since, Duty.last_given_at
        )
        .outerjoin(Duty, Duty.user_id == User.id)
        .where(User.customer_id.is_(None))
        .order_by(User.name, User.id)
    )
    return [_colleague(*row, left_before=left_before) for row in session.execute(statement)]


def _colleague(  # noqa: PLR0917 - the columns of one row
    user_id: int,
    public_id: str,
    name: str,
    role: Role,
    disabled_at: datetime | None,
    is_on: bool | None,  # noqa: FBT001 - a column
    since: datetime | None,
    last_given_at: datetime | None,
    *,
    left_before: datetime,
) -> Colleague:
    may_work = disabled_at is None and may(role, Permission.TICKETS_WORK)
    left = is_on is False and since is not None and since <= left_before
    return Colleague(
        user_id, public_id, name, may_work, bool(is_on), since, last_given_at, is_away=not may_work or left
    )


def away(people: Sequence[Colleague]) -> frozenset[int]:
    """Those whose tickets somebody else must look after."""
    return frozenset(person.id for person in people if person.is_away)


def rules_in_order(session: Session) -> list[AssignmentRule]:
    """All rules, in their order, with whom they name."""
    statement = (
        sa.select(AssignmentRule)
        .options(
            joinedload(AssignmentRule.customer),
            joinedload(AssignmentRule.agent),
            joinedload(AssignmentRule.group).selectinload(AgentGroup.members),
        )
        .order_by(AssignmentRule.position, AssignmentRule.id)
    )
    return list(session.scalars(statement))


def rule_of(session: Session, public_id: str) -> AssignmentRule | None:
    """One rule."""
    return session.scalars(sa.select(AssignmentRule).where(AssignmentRule.public_id == public_id)).one_or_none()


def groups(session: Session) -> list[AgentGroup]:
    """All groups by name, with their members."""
    statement = sa.select(AgentGroup).options(selectinload(AgentGroup.members)).order_by(AgentGroup.name)
    return list(session.scalars(statement))


def group_of(session: Session, public_id: str) -> AgentGroup | None:
    """One group."""
    return session.scalars(sa.select(AgentGroup).where(AgentGroup.public_id == public_id)).one_or_none()


def is_used(session: Session, group: AgentGroup) -> bool:
    """Whether a rule gives tickets to the group."""
    return bool(session.scalar(sa.select(sa.exists().where(AssignmentRule.group_id == group.id))))


def live_tickets_by_owner(session: Session) -> dict[int, int]:
    """How many tickets that are not closed each owner has."""
    statement = (
        sa.select(Ticket.owner_id, sa.func.count())
        .where(Ticket.state.in_(sorted(LIVE_STATES)), Ticket.owner_id.is_not(None))
        .group_by(Ticket.owner_id)
    )
    return {owner: count for owner, count in session.execute(statement) if owner is not None}
