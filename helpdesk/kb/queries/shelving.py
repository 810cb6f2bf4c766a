"""Categories, redirects and synonyms as editors arrange them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.kb.models import Article, ArticleRedirect, Category
from helpdesk.search.models import SynonymGroup


def category_numbered(session: Session, number: int) -> Category | None:
    """One category."""
    return session.get(Category, number)


def counted_categories(session: Session) -> dict[int, int]:
    """How many articles stand in each category."""
    rows = session.execute(
        sa.select(Article.category_id, sa.func.count())
        .where(Article.category_id.is_not(None))
        .group_by(Article.category_id)
    )
    return {number: count for number, count in rows if number is not None}


def redirects(session: Session) -> list[tuple[ArticleRedirect, str]]:
    """Every old address with the present one of its article."""
    rows = session.execute(
        sa.select(ArticleRedirect, Article.slug)
        .join(Article, Article.id == ArticleRedirect.article_id)
        .order_by(ArticleRedirect.slug)
    )
    return [(redirect, slug) for redirect, slug in rows]


def redirect_numbered(session: Session, number: int) -> ArticleRedirect | None:
    """One old address."""
    return session.get(ArticleRedirect, number)


def synonym_group_numbered(session: Session, number: int) -> SynonymGroup | None:
    """One group of synonyms."""
    return session.get(SynonymGroup, number)
