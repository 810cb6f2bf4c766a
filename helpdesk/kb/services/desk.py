"""The editors' desks: who is at which article, and what they wrote but did not save yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.kb.desk_models import EditorDesk

UNSAVED_KEPT: Final = timedelta(days=60)
"""How long text that nobody saved is kept."""


def sit_down(session: Session, *, article_id: int, locale: str, user_id: int, now: datetime) -> EditorDesk:
    """An editor is at an article, now."""
    desk = session.get(EditorDesk, (article_id, locale, user_id))
    if desk is None:
        desk = EditorDesk(article_id=article_id, locale=locale, user_id=user_id, begun={}, written={})
        session.add(desk)
    desk.seen_at = now
    session.flush()
    return desk


def keep_unsaved(
    session: Session,
    desk: EditorDesk,
    *,
    base: str,
    begun: Mapping[str, Any],
    written: Mapping[str, Any],
    now: datetime,
) -> None:
    """Keep what stands in an editor's form, so that a lost tab or machine loses nothing."""
    desk.base, desk.begun, desk.written, desk.saved_at = base[:40], dict(begun), dict(written), now
    session.flush()


def clear_desk(session: Session, *, article_id: int, locale: str, user_id: int) -> None:
    """All is saved, or dropped on purpose."""
    session.execute(
        sa.update(EditorDesk)
        .where(EditorDesk.article_id == article_id, EditorDesk.locale == locale, EditorDesk.user_id == user_id)
        .values(base="", begun={}, written={}, saved_at=None)
        .execution_options(synchronize_session="fetch")
    )


def tidy_desks(session: Session, *, now: datetime) -> int:
    """Forget desks that were left long ago; how many."""
    empty = sa.and_(EditorDesk.saved_at.is_(None), EditorDesk.seen_at < now - timedelta(days=1))
    old = sa.and_(EditorDesk.saved_at.is_not(None), EditorDesk.seen_at < now - UNSAVED_KEPT)
    gone = session.execute(sa.delete(EditorDesk).where(sa.or_(empty, old)).returning(EditorDesk.user_id)).all()
    return len(gone)
