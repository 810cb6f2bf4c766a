"""Tables of the editors' room: who writes where, reviews, plans, tasks and patterns."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, closed_set, json_column
from helpdesk.kb.models import ArticleTranslation


class ReviewStep(StrEnum):
    """What somebody did to a draft under review."""

    SUBMITTED = "submitted"
    COMMENT = "comment"
    RETURNED = "returned"
    APPROVED = "approved"


class Plan(StrEnum):
    """What happens to a translation by itself at a time."""

    PUBLISH = "publish"
    UNPUBLISH = "unpublish"


class TaskKind(StrEnum):
    """What showed that something must be written."""

    NO_RESULT = "no_result"
    NO_CLICK = "no_click"
    UNHELPFUL = "unhelpful"
    TICKETS = "tickets"
    NOT_DEFLECTED = "not_deflected"


class EditorDesk(Base):
    """One editor at one article in one language: when last seen, and what is written but not saved."""

    __tablename__ = "article_desk"

    article_id: Mapped[int] = mapped_column(sa.ForeignKey("article.id"), primary_key=True)
    locale: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)
    base: Mapped[str] = mapped_column(sa.String(40), default="")
    """What the editor began with, see `base_of`."""
    begun: Mapped[dict[str, Any]] = mapped_column(json_column(), default=dict)
    """The text of that beginning, for a merge."""
    written: Mapped[dict[str, Any]] = mapped_column(json_column(), default=dict)
    """Title, summary, body, tags and note as they stand in the form; empty when all is saved."""
    saved_at: Mapped[datetime | None]


class ReviewEntry(Base):
    """One step or comment of a review."""

    __tablename__ = "article_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    translation_id: Mapped[int] = mapped_column(sa.ForeignKey("article_translation.id"), index=True)
    step: Mapped[ReviewStep] = mapped_column(closed_set(ReviewStep))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    body: Mapped[str] = mapped_column(sa.String(2000), default="")
    at: Mapped[datetime]


class PlannedChange(Base):
    """A publication, or the end of one, at a time; the text is kept as it was when it was planned."""

    __tablename__ = "article_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    translation_id: Mapped[int] = mapped_column(sa.ForeignKey("article_translation.id"))
    plan: Mapped[Plan] = mapped_column(closed_set(Plan))
    due_at: Mapped[datetime] = mapped_column(index=True)
    content: Mapped[dict[str, Any]] = mapped_column(json_column(), default=dict)
    note: Mapped[str] = mapped_column(sa.String(400), default="")
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    done_at: Mapped[datetime | None]

    translation: Mapped[ArticleTranslation] = relationship()

    __table_args__ = (sa.UniqueConstraint("translation_id", "plan"),)


class EditorTask(Base):
    """Something to write or to mend, made from what readers missed."""

    __tablename__ = "article_task"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TaskKind] = mapped_column(closed_set(TaskKind))
    title: Mapped[str] = mapped_column(sa.String(200))
    locale: Mapped[str] = mapped_column(sa.String(10))
    slug: Mapped[str] = mapped_column(sa.String(120), default="")
    """The article to mend; empty where one is missing."""
    evidence: Mapped[list[str]] = mapped_column(json_column(), default=list)
    """What readers typed or said, and tickets' numbers."""
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    __table_args__ = (sa.UniqueConstraint("kind", "locale", "title", "slug"),)


class ArticlePattern(Base):
    """The beginning of an article of one kind, such as a how-to, in one language."""

    __tablename__ = "article_pattern"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    locale: Mapped[str] = mapped_column(sa.String(10))
    body: Mapped[str] = mapped_column(sa.Text)
    updated_at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("locale", "name"),)
