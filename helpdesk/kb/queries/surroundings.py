"""What a text on an editor's desk is checked against."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.kb.checks import Surroundings
from helpdesk.kb.checks.content import ids_in
from helpdesk.kb.models import Article, ArticleImage, ArticleRedirect, ArticleTranslation, Status
from helpdesk.kb.rendering import render_markdown


def surroundings(
    session: Session, article: Article, *, locale: str, source: str | None, variables: Mapping[str, str]
) -> Surroundings:
    """Addresses, titles and pictures as they are in the database; four statements, and one for each place linked to."""
    slugs = set(session.scalars(sa.select(Article.slug))) | set(session.scalars(sa.select(ArticleRedirect.slug)))
    titles = session.execute(
        sa.select(ArticleTranslation.title, Article.slug)
        .join(ArticleTranslation.article)
        .where(
            ArticleTranslation.locale == locale,
            ArticleTranslation.article_id != article.id,
            ArticleTranslation.status != Status.ARCHIVED,
        )
    ).all()
    pictures = session.scalars(sa.select(ArticleImage.name).where(ArticleImage.article_id == article.id))

    def ids_of(slug: str) -> set[str] | None:
        body = session.scalars(
            sa.select(ArticleTranslation.body)
            .join(ArticleTranslation.article)
            .where(Article.slug == slug, ArticleTranslation.locale == locale)
        ).one_or_none()
        return ids_in(render_markdown(body, locale=locale, slug=slug)) if body is not None else None

    return Surroundings(
        slugs=frozenset(slugs),
        variables=variables,
        titles={row.title: row.slug for row in titles},
        pictures=frozenset(pictures),
        ids_of=ids_of,
        source=source,
    )
