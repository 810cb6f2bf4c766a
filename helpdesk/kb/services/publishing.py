"""Publishing, archiving and restoring a translation."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.audit.services import record
from helpdesk.kb.models import ArticleRevision, ArticleTranslation, Status
from helpdesk.kb.rules import Content, NothingToPublish, content_of, source_of
from helpdesk.kb.services.indexing import index_translation


def publish(
    session: Session,
    translation: ArticleTranslation,
    *,
    content: Content,
    by: int | None,
    now: datetime,
    note: str = "",
    follows_source: bool = True,
    keep_draft: bool = False,
) -> ArticleRevision:
    """Show `content` to readers from now on; it becomes a revision, is indexed and audited.

    `follows_source` says that it now says what the source language says; `keep_draft` leaves a draft that says
    something else. Raises `NothingToPublish` for an empty text.
    """
    if not content.title or not content.body.strip():
        raise NothingToPublish
    before = translation.content_hash if translation.is_published else None
    take_content(translation, content, now=now)
    translation.status = Status.PUBLISHED
    translation.published_at = translation.published_at or now
    session.flush()
    revision = _revision(session, translation, by=by, note=note, now=now)
    if follows_source:
        translation.source_revision_id = newest_source_revision(session, translation)
    if translation.draft is not None and not keep_draft:
        session.delete(translation.draft)
        translation.draft = None
    _audit(session, "article.published", translation, by=by, now=now, before=before)
    index_translation(session, translation, now=now)
    session.flush()
    return revision


def take_content(translation: ArticleTranslation, content: Content, *, now: datetime) -> None:
    """Write the content into the row that readers see."""
    translation.title, translation.summary = content.title, content.summary
    translation.body, translation.tags = content.body, list(content.tags)
    translation.content_hash = content.hash
    translation.updated_at = now


def archive(session: Session, translation: ArticleTranslation, *, by: int | None, now: datetime) -> None:
    """Take a translation away from readers and from the search; nothing is deleted."""
    translation.status = Status.ARCHIVED
    translation.updated_at = now
    _audit(session, "article.archived", translation, by=by, now=now, before=translation.content_hash)
    index_translation(session, translation, now=now)
    session.flush()


def restore(
    session: Session, translation: ArticleTranslation, revision: ArticleRevision, *, by: int, note: str, now: datetime
) -> ArticleRevision:
    """Publish an earlier revision again, as a new one."""
    return publish(session, translation, content=content_of(revision), by=by, note=note, now=now, follows_source=False)


def newest_source_revision(session: Session, translation: ArticleTranslation) -> int | None:
    """The last revision of the language that this translation follows; None for the source itself."""
    source = source_of(translation.article.translations)
    if source is None or source is translation:
        return None
    return session.scalars(
        sa.select(sa.func.max(ArticleRevision.id)).where(ArticleRevision.translation_id == source.id)
    ).one_or_none()


def _revision(
    session: Session, translation: ArticleTranslation, *, by: int | None, note: str, now: datetime
) -> ArticleRevision:
    last = session.scalars(
        sa.select(sa.func.max(ArticleRevision.number)).where(ArticleRevision.translation_id == translation.id)
    ).one()
    revision = ArticleRevision(
        translation_id=translation.id,
        number=(last or 0) + 1,
        title=translation.title,
        summary=translation.summary,
        body=translation.body,
        tags=list(translation.tags),
        author_id=by,
        note=note[:400],
        content_hash=translation.content_hash,
        created_at=now,
    )
    session.add(revision)
    session.flush()
    return revision


def _audit(
    session: Session,
    action: str,
    translation: ArticleTranslation,
    *,
    by: int | None,
    now: datetime,
    before: str | None,
) -> None:
    record(
        session,
        action,
        object_type="article",
        object_id=f"{translation.article_id}/{translation.locale}",
        actor_id=by,
        now=now,
        before={"content": before} if before else None,
        after={"content": translation.content_hash, "status": translation.status.value},
    )
