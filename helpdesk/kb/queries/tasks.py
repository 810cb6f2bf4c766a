"""The editors' tasks."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.kb.desk_models import EditorTask


def open_tasks(session: Session) -> list[tuple[EditorTask, str]]:
    """What is not done, the oldest first, each with the name of who works on it."""
    return _tasks(session, EditorTask.done_at.is_(None))


def done_tasks(session: Session, *, limit: int = 20) -> list[tuple[EditorTask, str]]:
    """What was done last."""
    found = _tasks(session, EditorTask.done_at.is_not(None))
    return sorted(found, key=lambda pair: pair[0].done_at or pair[0].made_at, reverse=True)[:limit]


def task_numbered(session: Session, number: int) -> EditorTask | None:
    """One task."""
    return session.get(EditorTask, number)


def task_keys(session: Session) -> set[tuple[str, str, str, str]]:
    """Kind, language, title and slug of every open task: what was made into one already."""
    rows = session.execute(
        sa.select(EditorTask.kind, EditorTask.locale, EditorTask.title, EditorTask.slug).where(
            EditorTask.done_at.is_(None)
        )
    )
    return {(kind.value, locale, title, slug) for kind, locale, title, slug in rows}


def _tasks(session: Session, condition: sa.ColumnElement[bool]) -> list[tuple[EditorTask, str]]:
    rows = session.execute(
        sa.select(EditorTask, User.name)
        .outerjoin(User, User.id == EditorTask.owner_id)
        .where(condition)
        .order_by(EditorTask.made_at, EditorTask.id)
        .limit(300)
    )
    return [(task, name or "") for task, name in rows]
