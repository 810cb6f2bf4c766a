"""“Did this help?”: one answer a reader and translation."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.kb.models import ArticleFeedback, ArticleTranslation


def give_feedback(
    session: Session,
    translation: ArticleTranslation,
    *,
    reader_key: str,
    helpful: bool,
    now: datetime,
    reason: str = "",
    comment: str = "",
) -> ArticleFeedback:
    """Keep a reader's verdict; a second one by the same reader replaces the first."""
    row = session.scalars(
        sa.select(ArticleFeedback).where(
            ArticleFeedback.translation_id == translation.id, ArticleFeedback.reader_key == reader_key
        )
    ).one_or_none()
    if row is None:
        row = ArticleFeedback(translation_id=translation.id, reader_key=reader_key)
        session.add(row)
    row.helpful, row.reason, row.comment, row.at = helpful, reason, comment[:1000], now
    session.flush()
    return row
