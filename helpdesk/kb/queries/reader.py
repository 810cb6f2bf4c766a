"""What the reader's pages show; every statement takes the reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from helpdesk.kb.models import (
    Article,
    ArticleImage,
    ArticleReads,
    ArticleRedirect,
    ArticleTranslation,
    Audience,
    Category,
    Status,
)
from helpdesk.kb.rules import SOURCE_LOCALE, audiences_of
from helpdesk.permissions import Role


class Reader(Protocol):
    """What a query asks of the signed-in person; None is a stranger."""

    role: Any


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a list, in the reader's language or, marked, in another."""

    article_id: int
    slug: str
    locale: str
    title: str
    summary: str
    category_id: int | None
    updated_at: datetime
    is_fallback: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category with what is on it."""

    category: Category
    count: int
    children: tuple[Shelf, ...] = ()


def _audiences(reader: Reader | None) -> list[Audience]:
    role = Role(reader.role) if reader is not None else None
    return [Audience(name) for name in sorted(audiences_of(role))]


def may_read(reader: Reader | None) -> sa.ColumnElement[bool]:
    """The condition that every list of articles carries: published, and for this reader."""
    return sa.and_(ArticleTranslation.status == Status.PUBLISHED, Article.audience.in_(_audiences(reader)))


def articles_visible_to(reader: Reader | None) -> sa.Select[ArticleTranslation]:
    """The published translations that a reader may see."""
    return sa.select(ArticleTranslation).join(ArticleTranslation.article).where(may_read(reader))


def article_page(session: Session, reader: Reader | None, slug: str) -> Article | None:
    """The article with its published translations and its shelves, in one statement."""
    rows = session.scalars(
        sa.select(Article)
        .join(Article.translations)
        .options(
            contains_eager(Article.translations).raiseload("*"),
            joinedload(Article.category).joinedload(Category.parent),
        )
        .where(Article.slug == slug, may_read(reader))
        .execution_options(populate_existing=True)
    )
    return rows.unique().one_or_none()


def best_of(translations: Iterable[ArticleTranslation], locale: str) -> ArticleTranslation:
    """The translation to show: the reader's language, else English, else any."""
    return min(translations, key=lambda one: (one.locale != locale, one.locale != SOURCE_LOCALE, one.locale))


def slug_today(session: Session, slug: str) -> str | None:
    """The present address of an article that had this one."""
    return session.scalars(
        sa.select(Article.slug)
        .join(ArticleRedirect, ArticleRedirect.article_id == Article.id)
        .where(ArticleRedirect.slug == slug)
    ).one_or_none()


def listed(session: Session, reader: Reader | None, locale: str, *conditions: sa.ColumnElement[bool]) -> list[Listed]:
    """Articles of a list, each once, in the best language there is; one statement."""
    rows = session.execute(
        sa.select(
            Article.id,
            Article.slug,
            ArticleTranslation.locale,
            ArticleTranslation.title,
            ArticleTranslation.summary,
            Article.category_id,
            ArticleTranslation.updated_at,
        )
        .join(Article.translations)
        .where(may_read(reader), *conditions)
        .order_by(Article.id)
    )
    best: dict[int, Listed] = {}
    for row in rows:
        one = Listed(*row, is_fallback=row[2] != locale)
        known = best.get(one.article_id)
        if known is None or _order(one, locale) < _order(known, locale):
            best[one.article_id] = one
    return list(best.values())


def _order(one: Listed, locale: str) -> tuple[bool, bool, str]:
    return one.locale != locale, one.locale != SOURCE_LOCALE, one.locale


def shelves(session: Session, reader: Reader | None) -> list[Shelf]:
    """Both levels of categories with the number of articles that the reader may see; empty ones are left out."""
    counts: dict[int | None, int] = dict(
        session.execute(
            sa.select(Article.category_id, sa.func.count(sa.distinct(Article.id)))
            .join(Article.translations)
            .where(may_read(reader))
            .group_by(Article.category_id)
        ).all()
    )
    categories = session.scalars(sa.select(Category).order_by(Category.position)).all()
    return _shelves(categories, counts, None)


def _shelves(categories: Sequence[Category], counts: dict[int | None, int], parent: int | None) -> list[Shelf]:
    found = []
    for category in categories:
        if category.parent_id != parent:
            continue
        children = tuple(_shelves(categories, counts, category.id))
        count = counts.get(category.id, 0) + sum(child.count for child in children)
        if count:
            found.append(Shelf(category, count, children))
    return found


def category_called(session: Session, slug: str) -> Category | None:
    """A category with its parent and children."""
    return (
        session.scalars(
            sa.select(Category)
            .options(joinedload(Category.parent), joinedload(Category.children))
            .where(Category.slug == slug)
        )
        .unique()
        .one_or_none()
    )


def nearest(
    session: Session, reader: Reader | None, translation: ArticleTranslation, category_id: int | None, *, limit: int = 4
) -> list[Listed]:
    """Articles to read next: those that the search found nearest, or the same shelf's; one statement."""
    wanted = translation.related
    condition = (
        Article.id.in_(wanted)
        if wanted
        else sa.and_(Article.category_id == category_id, Article.category_id.is_not(None))
    )
    found = listed(session, reader, translation.locale, condition, Article.id != translation.article_id)
    places = {number: place for place, number in enumerate(wanted)}
    return sorted(found, key=lambda one: places.get(one.article_id, one.article_id))[:limit]


def popular(session: Session, reader: Reader | None, locale: str, *, today: date, limit: int = 6) -> list[Listed]:
    """The articles most read in the last 90 days by people who are neither staff nor machines; else one a shelf."""
    reads = (
        sa.select(ArticleTranslation.article_id, sa.func.sum(ArticleReads.reads).label("reads"))
        .join(ArticleReads, ArticleReads.translation_id == ArticleTranslation.id)
        .where(ArticleReads.day >= today - timedelta(days=90))
        .group_by(ArticleTranslation.article_id)
        .order_by(sa.desc("reads"), ArticleTranslation.article_id)
        .limit(limit * 2)
    )
    ids = [number for number, _reads in session.execute(reads)]
    places = {number: place for place, number in enumerate(ids)}
    if not ids:
        return _one_a_shelf(listed(session, reader, locale))[:limit]
    return sorted(listed(session, reader, locale, Article.id.in_(ids)), key=lambda one: places[one.article_id])[:limit]


def _one_a_shelf(every: Iterable[Listed]) -> list[Listed]:
    """The first article of each shelf: where to start when nobody read anything yet."""
    first: dict[int | None, Listed] = {}
    for one in every:
        first.setdefault(one.category_id, one)
    return list(first.values())


def latest(session: Session, reader: Reader | None, locale: str, *, limit: int = 30) -> list[Listed]:
    """The articles of one language that changed last, for the feed."""
    found = listed(session, reader, locale, ArticleTranslation.locale == locale)
    return sorted(found, key=lambda one: one.updated_at, reverse=True)[:limit]


def everything_public(session: Session) -> list[tuple[str, str, datetime]]:
    """Slug, language and last change of all that anybody may read, for the site map."""
    rows = session.execute(
        sa.select(Article.slug, ArticleTranslation.locale, ArticleTranslation.updated_at)
        .join(Article.translations)
        .where(may_read(None))
        .order_by(Article.slug, ArticleTranslation.locale)
    )
    return [(slug, locale, updated_at) for slug, locale, updated_at in rows]


def picture_visible(session: Session, reader: Reader | None, slug: str, name: str) -> ArticleImage | None:
    """A picture of an article that the reader may see."""
    return session.scalars(
        sa.select(ArticleImage)
        .join(Article, Article.id == ArticleImage.article_id)
        .where(Article.slug == slug, ArticleImage.name == name, Article.audience.in_(_audiences(reader)))
    ).one_or_none()


def visible_slug(session: Session, reader: Reader | None, slug: str) -> tuple[int, str] | None:
    """Id and slug of an article that the reader may see; other slices ask with what came in an address."""
    row = session.execute(
        sa.select(Article.id, Article.slug).join(Article.translations).where(Article.slug == slug, may_read(reader))
    ).first()
    return (row[0], row[1]) if row else None
