"""How soon we answer, as it stands in the database."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.tickets.models import AnswerTarget
from helpdesk.tickets.rules.targets import Goal, Targets

_CACHE: Final = "answer_targets"


def current_targets(session: Session) -> Targets:
    """What leads chose; one statement a session, however often it is asked."""
    known = session.info.get(_CACHE)
    if isinstance(known, Targets):
        return known
    rows = session.scalars(sa.select(AnswerTarget))
    targets = Targets(
        {(row.topic, row.priority): Goal(row.first_hours, row.next_hours, row.resolution_hours) for row in rows}
    )
    session.info[_CACHE] = targets
    return targets


def forget_targets(session: Session) -> None:
    """Read them again when they are asked for: they were changed."""
    session.info.pop(_CACHE, None)
