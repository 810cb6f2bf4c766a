"""What readers searched for and what they opened."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.search.models import LoggedQuery
from helpdesk.search.services import log_click


def note_click(session: Session, question: str, *, locale: str, article_id: int, now: datetime) -> None:
    """Remember that a search of the last hour led to an article."""
    query_id = session.scalars(
        sa.select(sa.func.max(LoggedQuery.id)).where(
            LoggedQuery.text == " ".join(question.lower().split()),
            LoggedQuery.locale == locale,
            LoggedQuery.at >= now - timedelta(hours=1),
            LoggedQuery.clicked_object_id.is_(None),
        )
    ).one_or_none()
    if query_id is not None:
        log_click(session, query_id, object_id=article_id)
