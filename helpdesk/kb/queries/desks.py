"""Who else is at an article, and what an editor left unsaved there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.accounts.models import User
from helpdesk.accounts.queries import agents
from helpdesk.kb.desk_models import EditorDesk
from helpdesk.kb.models import ArticleRevision, ArticleTranslation
from helpdesk.permissions import Role

HERE: Final = timedelta(seconds=45)
"""Who was not heard of for longer has left."""


def others_here(session: Session, *, article_id: int, locale: str, but: int, now: datetime) -> list[str]:
    """Names of the other editors at this article in this language."""
    return list(
        session.scalars(
            sa.select(User.name)
            .join(EditorDesk, EditorDesk.user_id == User.id)
            .where(
                EditorDesk.article_id == article_id,
                EditorDesk.locale == locale,
                EditorDesk.user_id != but,
                EditorDesk.seen_at > now - HERE,
            )
            .order_by(User.name)
        )
    )


def unsaved_of(session: Session, *, article_id: int, locale: str, user_id: int) -> EditorDesk | None:
    """What an editor wrote here and did not save."""
    return session.scalars(
        sa.select(EditorDesk).where(
            EditorDesk.article_id == article_id,
            EditorDesk.locale == locale,
            EditorDesk.user_id == user_id,
            EditorDesk.saved_at.is_not(None),
        )
    ).one_or_none()


def possible_owners(session: Session) -> list[User]:
    """Who may answer for an article: editors, leads, administrators, agents."""
    editors = session.scalars(sa.select(User).where(User.role == Role.KB_EDITOR, User.disabled_at.is_(None)))
    return sorted([*agents(session), *editors], key=lambda person: (person.name, person.id))


def last_author(session: Session, translation: ArticleTranslation) -> str:
    """Who published last."""
    return (
        session.scalars(
            sa.select(User.name)
            .join(ArticleRevision, ArticleRevision.author_id == User.id)
            .where(ArticleRevision.translation_id == translation.id)
            .order_by(ArticleRevision.number.desc())
            .limit(1)
        ).one_or_none()
        or ""
    )
