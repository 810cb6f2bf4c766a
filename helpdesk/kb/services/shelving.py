"""Categories, redirects and patterns, changed by editors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.audit.services import record
from helpdesk.errors import DomainError
from helpdesk.kb.desk_models import ArticlePattern
from helpdesk.kb.models import Article, ArticleRedirect, Category
from helpdesk.kb.rules import checked_slug
from helpdesk.kb.services.details import refuse_taken

_PATTERN_MAX = 20_000


class CategoryInUse(DomainError):
    """Articles or categories still stand in it: move them first."""


class CategoryTaken(DomainError):
    """There is already a category at this address: choose another."""


class CategoryTooDeep(DomainError):
    """Categories have two levels: choose one of the first level, or none."""


class NameMissing(DomainError):
    """Give it at least an English name."""


class PatternEmpty(DomainError):
    """Give the template a name and a text."""


def keep_category(
    session: Session,
    category: Category | None,
    *,
    slug: str,
    names: Mapping[str, str],
    parent: Category | None,
    position: int,
    by: int,
    now: datetime,
) -> Category:
    """Make or change a category. Raises `CategoryTaken`, `CategoryTooDeep`, `NameMissing`, `SlugWrong`."""
    slug, kept = checked_slug(slug), {tag: " ".join(name.split())[:80] for tag, name in names.items() if name.strip()}
    if "en" not in kept:
        raise NameMissing
    twin = session.scalars(sa.select(Category).where(Category.slug == slug)).one_or_none()
    if twin is not None and twin is not category:
        raise CategoryTaken
    if parent is not None and (parent is category or parent.parent_id is not None or (category and category.children)):
        raise CategoryTooDeep
    if category is None:
        category = Category(icon=parent.icon if parent else "folder")
        session.add(category)
    category.slug, category.names, category.position = slug, kept, position
    category.parent_id = parent.id if parent else None
    session.flush()
    record(session, "category.kept", object_type="category", object_id=category.id, actor_id=by, now=now, after=kept)
    return category


def drop_category(session: Session, category: Category, *, by: int, now: datetime) -> None:
    """Take an empty category away. Raises `CategoryInUse`."""
    used = session.scalars(sa.select(Article.id).where(Article.category_id == category.id).limit(1)).first()
    below = session.scalars(sa.select(Category.id).where(Category.parent_id == category.id).limit(1)).first()
    if used is not None or below is not None:
        raise CategoryInUse
    record(session, "category.dropped", object_type="category", object_id=category.id, actor_id=by, now=now)
    session.delete(category)
    session.flush()


def add_redirect(session: Session, *, slug: str, article: Article, by: int, now: datetime) -> ArticleRedirect:
    """Have an address lead to an article. Raises `SlugTaken`, `SlugWrong`."""
    slug = checked_slug(slug)
    refuse_taken(session, slug)
    redirect = ArticleRedirect(slug=slug, article_id=article.id)
    session.add(redirect)
    session.flush()
    record(
        session,
        "article.redirected",
        object_type="article",
        object_id=article.id,
        actor_id=by,
        now=now,
        after={"slug": slug},
    )
    return redirect


def drop_redirect(session: Session, redirect: ArticleRedirect, *, by: int, now: datetime) -> None:
    """Let an old address lead nowhere."""
    before = {"slug": redirect.slug}
    record(
        session,
        "article.redirect_dropped",
        object_type="article",
        object_id=redirect.article_id,
        actor_id=by,
        now=now,
        before=before,
    )
    session.delete(redirect)
    session.flush()


def keep_pattern(
    session: Session, pattern: ArticlePattern | None, *, name: str, locale: str, body: str, now: datetime
) -> ArticlePattern:
    """Make or change the beginning of articles of one kind. Raises `PatternEmpty`."""
    name = " ".join(name.split())[:80]
    if not name or not body.strip():
        raise PatternEmpty
    known = session.scalars(
        sa.select(ArticlePattern).where(ArticlePattern.locale == locale, ArticlePattern.name == name)
    ).one_or_none()
    pattern = pattern or known
    if pattern is None:
        pattern = ArticlePattern()
        session.add(pattern)
    pattern.name, pattern.locale, pattern.updated_at = name, locale, now
    pattern.body = body.replace("\r\n", "\n")[:_PATTERN_MAX]
    session.flush()
    return pattern
