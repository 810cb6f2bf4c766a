"""Deciding how soon we answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.audit.services import record
from helpdesk.tickets.models import AnswerTarget, Priority
from helpdesk.tickets.queries.targets import current_targets, forget_targets
from helpdesk.tickets.rules.targets import Goal, check_goal


def set_targets(session: Session, *, topic: str, goals: Mapping[Priority, Goal], by: User, now: datetime) -> None:
    """Keep the hours of one topic, or (empty) of every topic without its own. Raises `TargetOutOfRange`.

    Promises that were made stay as they are.
    """
    before = {priority.value: _said(current_targets(session).of(topic, priority)) for priority in goals}
    for priority, goal in goals.items():
        check_goal(goal)
        kept = session.get(AnswerTarget, (topic, priority)) or AnswerTarget(topic=topic, priority=priority)
        kept.first_hours, kept.next_hours, kept.resolution_hours = goal.first, goal.next, goal.resolution
        session.add(kept)
    after = {priority.value: _said(goal) for priority, goal in goals.items()}
    _note(session, topic, by=by, now=now, before=before, after=after)


def forget_topic(session: Session, *, topic: str, by: User, now: datetime) -> None:
    """A topic (or, empty, every one) goes back to what counts without a choice of its own."""
    session.execute(sa.delete(AnswerTarget).where(AnswerTarget.topic == topic))
    _note(session, topic, by=by, now=now, before={}, after={})


def _said(goal: Goal) -> list[int]:
    return [goal.first, goal.next, goal.resolution]


def _note(
    session: Session, topic: str, *, by: User, now: datetime, before: dict[str, list[int]], after: dict[str, list[int]]
) -> None:
    session.flush()
    forget_targets(session)
    record(
        session,
        "desk.targets_set",
        object_type="answer_target",
        object_id=topic or "every topic",
        actor_id=by.id,
        now=now,
        before=dict(before),
        after=dict(after),
    )
