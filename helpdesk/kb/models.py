"""Articles, their translations and revisions."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, closed_set, json_column


class Audience(StrEnum):
    """Who may read an article."""

    PUBLIC = "public"
    CUSTOMERS = "customers"
    AGENTS = "agents"


class Status(StrEnum):
    """Where a translation stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Category(Base):
    """A shelf; two levels."""

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("category.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    icon: Mapped[str] = mapped_column(sa.String(40), default="folder")
    names: Mapped[dict[str, str]] = mapped_column(json_column())
    """By locale: {"en": ..., "zh-Hans": ..., "ja": ...}."""

    parent: Mapped[Category | None] = relationship(remote_side="Category.id", back_populates="children")
    children: Mapped[list[Category]] = relationship(back_populates="parent", order_by="Category.position")

    def name(self, locale: str) -> str:
        """The name in `locale`, or in English."""
        return self.names.get(locale) or self.names["en"]


class Article(Base):
    """One subject, whatever the language."""

    __tablename__ = "article"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    audience: Mapped[Audience] = mapped_column(closed_set(Audience), default=Audience.PUBLIC)
    category_id: Mapped[int | None] = mapped_column(sa.ForeignKey("category.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    products: Mapped[list[str]] = mapped_column(json_column(), default=list)
    topics: Mapped[list[str]] = mapped_column(json_column(), default=list)
    review_by: Mapped[date | None]
    created_at: Mapped[datetime]

    category: Mapped[Category | None] = relationship()
    translations: Mapped[list[ArticleTranslation]] = relationship(
        back_populates="article", order_by="ArticleTranslation.id"
    )


class ArticleTranslation(Base):
    """An article in one language, as it is now."""

    __tablename__ = "article_translation"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("article.id"))
    locale: Mapped[str] = mapped_column(sa.String(10))
    title: Mapped[str] = mapped_column(sa.String(200))
    summary: Mapped[str] = mapped_column(sa.String(400), default="")
    body: Mapped[str] = mapped_column(sa.Text)
    """Markdown, as it was written."""
    tags: Mapped[list[str]] = mapped_column(json_column(), default=list)
    status: Mapped[Status] = mapped_column(closed_set(Status), default=Status.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    """Grows with every change; the editor's base."""
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    file_hash: Mapped[str | None] = mapped_column(sa.String(64))
    """Hash of the file in `kb/` at the last sync: the file's side of the common base."""
    row_hash: Mapped[str | None] = mapped_column(sa.String(64))
    """Hash of this row, written as a file, at the last sync: the row's side of the common base."""
    extra: Mapped[dict[str, Any]] = mapped_column(json_column(), default=dict)
    """Front matter that we do not use, kept for the way back."""
    related: Mapped[list[int]] = mapped_column(json_column(), default=list)
    """Ids of the articles nearest to this one, worked out by the search in the background."""
    related_on: Mapped[date | None]
    source_revision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("article_revision.id", use_alter=True))
    """The revision of the source language that this was translated from."""
    reviewed_on: Mapped[date | None]
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    article: Mapped[Article] = relationship(back_populates="translations")
    draft: Mapped[ArticleDraft | None] = relationship(back_populates="translation", passive_deletes=True)
    revisions: Mapped[list[ArticleRevision]] = relationship(
        back_populates="translation",
        order_by="ArticleRevision.number",
        foreign_keys="ArticleRevision.translation_id",
    )

    __table_args__ = (sa.UniqueConstraint("article_id", "locale"),)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form

    @property
    def is_published(self) -> bool:
        """Whether readers see it."""
        return self.status is Status.PUBLISHED


class ArticleDraft(Base):
    """What an editor wrote and did not publish yet; one a translation, shared by all editors."""

    __tablename__ = "article_draft"

    translation_id: Mapped[int] = mapped_column(sa.ForeignKey("article_translation.id"), primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    summary: Mapped[str] = mapped_column(sa.String(400), default="")
    body: Mapped[str] = mapped_column(sa.Text)
    tags: Mapped[list[str]] = mapped_column(json_column(), default=list)
    note: Mapped[str] = mapped_column(sa.String(400), default="")
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)
    submitted_at: Mapped[datetime | None]
    """When it was handed in for review."""
    updated_at: Mapped[datetime]

    translation: Mapped[ArticleTranslation] = relationship(back_populates="draft")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class ArticleImage(Base):
    """A picture that an article shows, kept under its hash."""

    __tablename__ = "article_image"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("article.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    content_type: Mapped[str] = mapped_column(sa.String(40))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    data: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)

    __table_args__ = (sa.UniqueConstraint("article_id", "name"),)


class ArticleRevision(Base):
    """An article in one language as it was published once."""

    __tablename__ = "article_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    translation_id: Mapped[int] = mapped_column(sa.ForeignKey("article_translation.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    summary: Mapped[str] = mapped_column(sa.String(400), default="")
    body: Mapped[str] = mapped_column(sa.Text)
    tags: Mapped[list[str]] = mapped_column(json_column(), default=list)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    note: Mapped[str] = mapped_column(sa.String(400), default="")
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]

    translation: Mapped[ArticleTranslation] = relationship(back_populates="revisions", foreign_keys=[translation_id])

    __table_args__ = (sa.UniqueConstraint("translation_id", "number"),)


class ArticleRedirect(Base):
    """A slug that an article once had."""

    __tablename__ = "article_redirect"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("article.id"), index=True)


class ArticleFeedback(Base):
    """“Did this help?”, once a reader."""

    __tablename__ = "article_feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    translation_id: Mapped[int] = mapped_column(sa.ForeignKey("article_translation.id"))
    reader_key: Mapped[str] = mapped_column(sa.String(64))
    helpful: Mapped[bool]
    reason: Mapped[str] = mapped_column(sa.String(40), default="")
    comment: Mapped[str] = mapped_column(sa.String(1000), default="")
    at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("translation_id", "reader_key"),)


class ArticleReads(Base):
    """How often a translation was read on one day, by people who are not staff."""

    __tablename__ = "article_reads"

    translation_id: Mapped[int] = mapped_column(sa.ForeignKey("article_translation.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    reads: Mapped[int] = mapped_column(default=0)
