"""The beginnings of articles."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.kb.desk_models import ArticlePattern


def patterns(session: Session) -> list[ArticlePattern]:
    """All of them, by language and name."""
    return list(session.scalars(sa.select(ArticlePattern).order_by(ArticlePattern.locale, ArticlePattern.name)))


def pattern_numbered(session: Session, number: int) -> ArticlePattern | None:
    """One of them."""
    return session.get(ArticlePattern, number) if number else None
