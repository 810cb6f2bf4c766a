"""What editors see: the matrix of articles and languages, one article's desk, its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from helpdesk.accounts.models import User
from helpdesk.kb.models import Article, ArticleDraft, ArticleRevision, ArticleTranslation, Category, Status
from helpdesk.kb.rules import is_review_due, is_stale, source_of
from helpdesk.web.locale import LOCALES


class Standing(StrEnum):
    """Where an article stands in one language."""

    FRESH = "fresh"
    STALE = "stale"
    MISSING = "missing"
    DRAFT = "draft"
    REVIEW_DUE = "review_due"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Cell:
    """One article in one language."""

    locale: str
    standing: Standing
    has_draft: bool = False
    is_submitted: bool = False
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One article with all its languages."""

    slug: str
    title: str
    locale: str
    """The language of the title: the editor's own, else the one that the others follow."""
    words: str
    """Address and titles in every language, in small letters: what a filter looks in."""
    category: Category | None
    audience: str
    review_by: date | None
    cells: tuple[Cell, ...]

    @property
    def changed(self) -> float:
        """When any of its languages changed last, in seconds."""
        return max((cell.updated_at.timestamp() for cell in self.cells if cell.updated_at), default=0.0)

    def stands(self, standing: Standing) -> bool:
        """Whether it stands like this in any language."""
        if standing is Standing.DRAFT:
            return any(cell.has_draft or cell.standing is standing for cell in self.cells)
        return any(cell.standing is standing for cell in self.cells)


class Order(StrEnum):
    """How the matrix may be sorted."""

    ADDRESS = "address"
    TITLE = "title"
    REVIEW = "review"
    CHANGED = "changed"


def _by(order: Order) -> Callable[[Row], tuple[object, ...]]:
    keys: dict[Order, Callable[[Row], tuple[object, ...]]] = {
        Order.ADDRESS: lambda row: (row.slug,),
        Order.TITLE: lambda row: (row.title.lower(), row.slug),
        Order.REVIEW: lambda row: (row.review_by or date.max, row.slug),
        Order.CHANGED: lambda row: (-row.changed, row.slug),
    }
    return keys[order]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The rows that were asked for, and how many there are of each standing."""

    rows: Sequence[Row]
    counts: dict[Standing, int]
    total: int


def matrix(
    session: Session,
    *,
    today: date,
    standing: Standing | None = None,
    text: str = "",
    order: Order = Order.ADDRESS,
    locale: str = "",
) -> Matrix:
    """All articles by language, filtered by where they stand and by words of title or address; three statements."""
    newest: dict[int, int] = dict(
        session.execute(
            sa.select(ArticleRevision.translation_id, sa.func.max(ArticleRevision.id)).group_by(
                ArticleRevision.translation_id
            )
        ).all()
    )
    articles = session.scalars(
        sa.select(Article)
        .options(
            joinedload(Article.category),
            selectinload(Article.translations).options(
                joinedload(ArticleTranslation.draft).load_only(ArticleDraft.submitted_at, ArticleDraft.updated_at)
            ),
        )
        .order_by(Article.slug)
    )
    every = [_row(article, newest, today, locale) for article in articles]
    counts = Counter(kind for row in every for kind in Standing if row.stands(kind))
    wanted = text.strip().lower()
    rows = [row for row in every if (standing is None or row.stands(standing)) and wanted in row.words]
    rows.sort(key=_by(order))
    return Matrix(rows, {kind: counts[kind] for kind in Standing}, len(every))


def _row(article: Article, newest: dict[int, int], today: date, locale: str) -> Row:
    source = source_of(article.translations)
    there = {one.locale: one for one in article.translations}
    last = newest.get(source.id) if source else None
    cells = tuple(_cell(tag, there.get(tag), source, last, article, today) for tag in LOCALES)
    shown = there.get(locale, source)
    words = "\n".join((article.slug, *(one.title for one in article.translations))).lower()
    return Row(
        slug=article.slug,
        title=shown.title if shown else article.slug,
        locale=shown.locale if shown else cells[0].locale,
        words=words,
        category=article.category,
        audience=article.audience.value,
        review_by=article.review_by,
        cells=cells,
    )


def _cell(  # noqa: PLR0917 - all that a cell depends on
    locale: str,
    translation: ArticleTranslation | None,
    source: ArticleTranslation | None,
    last: int | None,
    article: Article,
    today: date,
) -> Cell:
    if translation is None:
        return Cell(locale, Standing.MISSING)
    draft = translation.draft
    return Cell(
        locale,
        _standing(translation, source, last, article, today),
        draft is not None,
        draft is not None and draft.submitted_at is not None,
        translation.updated_at,
    )


def _standing(
    translation: ArticleTranslation,
    source: ArticleTranslation | None,
    last: int | None,
    article: Article,
    today: date,
) -> Standing:
    if translation.status is Status.ARCHIVED:
        return Standing.ARCHIVED
    if not translation.is_published:
        return Standing.DRAFT
    if is_stale(translation, source=source, newest=last):
        return Standing.STALE
    return Standing.REVIEW_DUE if is_review_due(article, today) else Standing.FRESH


def article_called(session: Session, slug: str) -> Article | None:
    """An article with everything an editor works on."""
    return (
        session.scalars(
            sa.select(Article)
            .options(
                joinedload(Article.category),
                selectinload(Article.translations).joinedload(ArticleTranslation.draft),
            )
            .where(Article.slug == slug)
            .execution_options(populate_existing=True)
        )
        .unique()
        .one_or_none()
    )


def categories(session: Session) -> list[Category]:
    """All shelves, parents before their children."""
    every = session.scalars(
        sa.select(Category).options(joinedload(Category.parent)).order_by(Category.position, Category.id)
    ).unique()
    return sorted(every, key=lambda one: (one.parent or one).position * 1000 + (one.position + 1 if one.parent else 0))


def revisions_of(session: Session, translation: ArticleTranslation) -> list[tuple[ArticleRevision, str]]:
    """All revisions, the newest first, each with its author's name (empty for imports)."""
    rows = session.execute(
        sa.select(ArticleRevision, User.name)
        .outerjoin(User, User.id == ArticleRevision.author_id)
        .where(ArticleRevision.translation_id == translation.id)
        .order_by(ArticleRevision.number.desc())
    )
    return [(revision, name or "") for revision, name in rows]


def revision_numbered(session: Session, translation: ArticleTranslation, number: int) -> ArticleRevision | None:
    """One revision of a translation."""
    return session.scalars(
        sa.select(ArticleRevision).where(
            ArticleRevision.translation_id == translation.id, ArticleRevision.number == number
        )
    ).one_or_none()


def source_changes(
    session: Session, translation: ArticleTranslation | None, source: ArticleTranslation | None
) -> tuple[ArticleRevision, ArticleRevision] | None:
    """The source's revision that was translated and its newest one, when they differ."""
    if translation is None or source is None or source is translation or translation.source_revision_id is None:
        return None
    pair = session.scalars(
        sa.select(ArticleRevision)
        .where(ArticleRevision.translation_id == source.id, ArticleRevision.id >= translation.source_revision_id)
        .order_by(ArticleRevision.id)
    ).all()
    return (pair[0], pair[-1]) if len(pair) > 1 else None


def name_of(session: Session, user_id: int | None) -> str:
    """A person's name."""
    return session.scalars(sa.select(User.name).where(User.id == user_id)).one_or_none() or ""
