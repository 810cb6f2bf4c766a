"""Reviews and plans of one translation."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.kb.desk_models import Plan, PlannedChange, ReviewEntry
from helpdesk.kb.models import ArticleImage, ArticleTranslation


def review_of(session: Session, translation: ArticleTranslation) -> list[tuple[ReviewEntry, str]]:
    """The steps and comments, the newest first, each with its author's name."""
    rows = session.execute(
        sa.select(ReviewEntry, User.name)
        .join(User, User.id == ReviewEntry.author_id)
        .where(ReviewEntry.translation_id == translation.id)
        .order_by(ReviewEntry.id.desc())
        .limit(50)
    )
    return [(entry, name) for entry, name in rows]


def plans_of(session: Session, translation: ArticleTranslation) -> dict[Plan, PlannedChange]:
    """What is planned and not done."""
    rows = session.scalars(
        sa.select(PlannedChange).where(PlannedChange.translation_id == translation.id, PlannedChange.done_at.is_(None))
    )
    return {planned.plan: planned for planned in rows}


def pictures_of(session: Session, article_id: int) -> list[ArticleImage]:
    """The pictures of an article, by name."""
    return list(
        session.scalars(
            sa.select(ArticleImage).where(ArticleImage.article_id == article_id).order_by(ArticleImage.name)
        )
    )
