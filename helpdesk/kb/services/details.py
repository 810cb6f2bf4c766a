"""What all languages of an article share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.audit.services import record
from helpdesk.kb.models import Article, ArticleRedirect, Audience, Category
from helpdesk.kb.rules import SlugTaken, checked_slug
from helpdesk.kb.services.indexing import index_translation


def change_details(
    session: Session,
    article: Article,
    *,
    audience: Audience,
    category: Category | None,
    slug: str,
    review_by: date | None,
    by: int,
    now: datetime,
    owner: int | None = None,
    products: Sequence[str] = (),
    topics: Sequence[str] = (),
) -> None:
    """Change what all languages share: readers, shelf, owner, and the address; the old one leads on to the new one.

    Raises `SlugTaken`, `SlugWrong`.
    """
    before = {"slug": article.slug, "audience": article.audience.value}
    if slug != article.slug:
        _move(session, article, checked_slug(slug))
    article.audience, article.category, article.review_by = audience, category, review_by
    article.owner_id, article.products, article.topics = owner, list(products), list(topics)
    session.flush()
    after = {"slug": article.slug, "audience": audience.value}
    record(
        session,
        "article.details",
        object_type="article",
        object_id=article.id,
        actor_id=by,
        now=now,
        before=before,
        after=after,
    )
    for translation in article.translations:
        index_translation(session, translation, now=now)


def set_review_dates(session: Session, slugs: Sequence[str], *, review_by: date | None, by: int, now: datetime) -> int:
    """Have several articles read again by one date; how many."""
    articles = session.scalars(sa.select(Article).where(Article.slug.in_(slugs))).all()
    for article in articles:
        before = {"review_by": article.review_by.isoformat() if article.review_by else None}
        article.review_by = review_by
        record(
            session,
            "article.review_date",
            object_type="article",
            object_id=article.id,
            actor_id=by,
            now=now,
            before=before,
            after={"review_by": review_by.isoformat() if review_by else None},
        )
    session.flush()
    return len(articles)


def _move(session: Session, article: Article, slug: str) -> None:
    refuse_taken(session, slug, but=article.id)
    session.execute(sa.delete(ArticleRedirect).where(ArticleRedirect.slug == slug))
    session.add(ArticleRedirect(slug=article.slug, article_id=article.id))
    article.slug = slug


def refuse_taken(session: Session, slug: str, *, but: int | None = None) -> None:
    """Raise `SlugTaken` when an article has, or had, this address."""
    owners = set(session.scalars(sa.select(Article.id).where(Article.slug == slug)))
    owners |= set(session.scalars(sa.select(ArticleRedirect.article_id).where(ArticleRedirect.slug == slug)))
    if owners - {but}:
        raise SlugTaken
