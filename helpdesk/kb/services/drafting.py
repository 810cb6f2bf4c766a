"""Writing before publishing: new articles, translations and drafts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.audit.services import record
from helpdesk.kb.models import Article, ArticleDraft, ArticleTranslation, Audience, Category, Status
from helpdesk.kb.rules import ChangedMeanwhile, Content, checked_slug, content_of
from helpdesk.kb.services.details import refuse_taken
from helpdesk.kb.services.publishing import take_content

NEW = "new"


def base_of(translation: ArticleTranslation | None) -> str:
    """A name for what an editor began with: the row's version and the draft's."""
    if translation is None:
        return NEW
    return f"{translation.version}-{translation.draft.version if translation.draft else 0}"


def working_copy(translation: ArticleTranslation | None) -> Content:
    """What an editor goes on writing: the draft, else what is published."""
    if translation is None:
        return Content("", "", "")
    return content_of(translation.draft or translation)


def create_article(
    session: Session,
    *,
    slug: str,
    locale: str,
    content: Content,
    audience: Audience,
    category: Category | None,
    by: int,
    now: datetime,
) -> ArticleTranslation:
    """A new article with its first draft. Raises `SlugTaken`, `SlugWrong`."""
    slug = checked_slug(slug)
    refuse_taken(session, slug)
    article = Article(slug=slug, audience=audience, category=category, owner_id=by, created_at=now)
    session.add(article)
    session.flush()
    return add_translation(session, article, locale=locale, content=content, by=by, now=now)


def add_translation(
    session: Session, article: Article, *, locale: str, content: Content, by: int, now: datetime
) -> ArticleTranslation:
    """The article in one more language, as a draft."""
    translation = ArticleTranslation(locale=locale, status=Status.DRAFT, extra={}, related=[], updated_at=now)
    take_content(translation, content, now=now)
    article.translations.append(translation)
    session.add(translation)
    session.flush()
    translation.draft = _draft(translation, content, by=by, now=now)
    session.flush()
    return translation


def save_draft(
    session: Session,
    translation: ArticleTranslation,
    *,
    content: Content,
    base: str,
    by: int,
    now: datetime,
    note: str = "",
    submit: bool = False,
) -> ArticleDraft:
    """Keep what an editor wrote, unseen by readers; `submit` hands it in for review.

    Raises `ChangedMeanwhile` when `base` is not what is there now. A replaced draft stays in the audit trail.
    """
    if base != base_of(translation):
        raise ChangedMeanwhile
    draft = translation.draft
    if draft is None:
        draft = translation.draft = _draft(translation, content, by=by, now=now)
    elif draft.author_id != by and content_of(draft) != content:
        _keep_replaced(session, translation, draft, by=by, now=now)
    draft.title, draft.summary, draft.body, draft.tags = (
        content.title,
        content.summary,
        content.body,
        list(content.tags),
    )
    draft.note, draft.author_id, draft.updated_at = note[:400], by, now
    draft.submitted_at = now if submit else None
    if translation.status in {Status.DRAFT, Status.IN_REVIEW}:
        translation.status = Status.IN_REVIEW if submit else Status.DRAFT
    session.flush()
    return draft


def discard_draft(session: Session, translation: ArticleTranslation, *, by: int, now: datetime) -> None:
    """Go back to what is published; the draft stays in the audit trail."""
    if translation.draft is None or not translation.is_published:
        return
    _keep_replaced(session, translation, translation.draft, by=by, now=now)
    session.delete(translation.draft)
    translation.draft = None
    session.flush()


def _draft(translation: ArticleTranslation, content: Content, *, by: int, now: datetime) -> ArticleDraft:
    return ArticleDraft(
        translation_id=translation.id,
        title=content.title,
        summary=content.summary,
        body=content.body,
        tags=list(content.tags),
        note="",
        author_id=by,
        updated_at=now,
    )


def _keep_replaced(
    session: Session, translation: ArticleTranslation, draft: ArticleDraft, *, by: int, now: datetime
) -> None:
    record(
        session,
        "article.draft_replaced",
        object_type="article",
        object_id=f"{translation.article_id}/{translation.locale}",
        actor_id=by,
        now=now,
        before={"author": draft.author_id, "title": draft.title, "summary": draft.summary, "body": draft.body},
    )
