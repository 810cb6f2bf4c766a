"""Editors' tasks: made with one click from what readers missed, taken by somebody, done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.kb.desk_models import EditorTask, TaskKind

_EVIDENCE_MAX: Final = 30


def make_task(
    session: Session,
    *,
    kind: TaskKind,
    title: str,
    locale: str,
    by: int,
    now: datetime,
    slug: str = "",
    evidence: Sequence[str] = (),
) -> EditorTask:
    """A task for the editors; the same one again is opened again with the newest evidence."""
    title, kept = " ".join(title.split())[:200], [one[:300] for one in evidence if one.strip()][:_EVIDENCE_MAX]
    task = session.scalars(
        sa.select(EditorTask).where(
            EditorTask.kind == kind,
            EditorTask.locale == locale,
            EditorTask.title == title,
            EditorTask.slug == slug,
        )
    ).one_or_none()
    if task is None:
        task = EditorTask(kind=kind, title=title, locale=locale, slug=slug, made_by_id=by, made_at=now)
        session.add(task)
    task.evidence, task.done_at = kept, None
    session.flush()
    return task


def take_task(session: Session, task: EditorTask, *, by: int) -> None:
    """Somebody works on it."""
    task.owner_id = by
    session.flush()


def finish_task(session: Session, task: EditorTask, *, by: int, now: datetime) -> None:
    """It is written."""
    task.owner_id, task.done_at = task.owner_id or by, now
    session.flush()
