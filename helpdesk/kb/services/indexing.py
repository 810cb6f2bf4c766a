"""Telling the search what an article says, in the transaction in which it changes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.kb.models import ArticleTranslation
from helpdesk.kb.rendering import fill, render_markdown, words_of
from helpdesk.kb.variables import values_in
from helpdesk.search.contracts import ARTICLE, SearchDocument
from helpdesk.search.services import index_document, remove_document


def article_path(slug: str, locale: str) -> str:
    """The address of an article's page."""
    return f"/{locale}/articles/{slug}"


def search_document(translation: ArticleTranslation, *, helpful: float = 0.0) -> SearchDocument:
    """The translation as the search reads it: plain words, variables filled in."""
    article, locale = translation.article, translation.locale
    values = values_in(translation.title, translation.summary, translation.body, locale=locale)
    rendered = render_markdown(translation.body, locale=locale, slug=article.slug, variables=values)
    return SearchDocument(
        kind=ARTICLE,
        object_id=article.id,
        locale=locale,
        audience=article.audience.value,
        slug=article.slug,
        title=fill(translation.title, values),
        url=article_path(article.slug, locale),
        updated_at=translation.updated_at,
        headings=tuple(rendered.headings),
        summary=fill(translation.summary, values),
        tags=tuple(translation.tags),
        body=words_of(rendered),
        category=article.category.slug if article.category else "",
        helpful=helpful,
    )


def index_translation(session: Session, translation: ArticleTranslation, *, now: datetime) -> None:
    """Make a published translation findable, and any other unfindable."""
    if translation.is_published:
        index_document(session, search_document(translation), now=now)
        return
    remove_document(session, kind=ARTICLE, object_id=translation.article_id, locale=translation.locale, now=now)
