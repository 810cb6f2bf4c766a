"""Taking a folder's articles into the database; what both sides changed is reported, never overwritten."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from helpdesk.errors import DomainError
from helpdesk.kb.folder.categories import import_categories
from helpdesk.kb.folder.files import ArticleFile, Written, articles_in, read
from helpdesk.kb.folder.outcomes import IMPORTED, Action, Outcome
from helpdesk.kb.folder.pictures import import_pictures
from helpdesk.kb.folder.rows import changed_since_sync, row_hash
from helpdesk.kb.models import Article, ArticleRedirect, ArticleTranslation, Category, Status
from helpdesk.kb.rendering import render_markdown
from helpdesk.kb.rules import Content, content_of, content_with
from helpdesk.kb.services.indexing import index_translation
from helpdesk.kb.services.publishing import publish, take_content
from helpdesk.kb.services.seeding import seed

log = logging.getLogger(__name__)
_ARTICLE_HREF = re.compile(r'href="/(?:en|zh-Hans|ja)/articles/([^"#]+)')


@dataclass(slots=True)
class _Import:
    """One run: what is known, and by when."""

    session: Session
    now: datetime
    by: int | None
    hashes: dict[tuple[str, str], str | None]
    slugs: set[str] = field(default_factory=set)
    categories: dict[str, Category] = field(default_factory=dict)


def import_folder(
    session: Session, folder: Path, *, now: datetime, locale: str | None = None, by: int | None = None
) -> list[Outcome]:
    """Import `slug/locale.md` files, or with `locale` plain `slug.md` files; one outcome a file.

    A second import of unchanged files compares hashes only.
    """
    seed(session, now=now)
    import_categories(session, folder)
    rows = session.execute(
        sa.select(Article.slug, ArticleTranslation.locale, ArticleTranslation.file_hash).join(Article.translations)
    ).all()
    files = list(articles_in(folder, locale=locale))
    run = _Import(session, now, by, {(slug, tongue): base for slug, tongue, base in rows})
    run.slugs = {slug for slug, *_ in rows} | {file.slug for file in files}
    run.slugs |= set(session.scalars(sa.select(ArticleRedirect.slug)))
    if any(run.hashes.get((file.slug, file.locale)) != file.hash for file in files):
        run.categories = {one.slug: one for one in session.scalars(sa.select(Category))}
    outcomes = [_import_file(run, file) for file in files]
    if locale is None:
        import_pictures(session, folder)
    session.flush()
    return outcomes


def _import_file(run: _Import, file: ArticleFile) -> Outcome:
    base = run.hashes.get((file.slug, file.locale))
    if base is not None and base == file.hash:
        return Outcome(file.slug, file.locale, Action.UNCHANGED)
    try:
        written = read(file)
        render_markdown(written.body, locale=file.locale, slug=file.slug)
    except DomainError as error:
        return Outcome(file.slug, file.locale, Action.FAILED, str(error))
    except Exception as error:
        log.exception("The text of %s cannot be shown.", file.path)
        return Outcome(file.slug, file.locale, Action.FAILED, f"its text cannot be shown ({type(error).__name__})")
    try:
        return _take(run, file, written)
    except DomainError as error:
        return Outcome(file.slug, file.locale, Action.FAILED, str(error))


def _take(run: _Import, file: ArticleFile, written: Written) -> Outcome:
    content = content_with(
        title=written.meta.title, summary=written.meta.summary, body=written.body, tags=written.meta.tags
    )
    article = _article(run.session, file.slug)
    translation = next((one for one in article.translations if one.locale == file.locale), None) if article else None
    if translation is None:
        article = article or _new_article(run, file, written)
        translation = _new_translation(run, article, file, content)
        return _write(run, file, written, translation, content, Action.CREATED)
    if translation.draft is not None or changed_since_sync(translation) or translation.row_hash is None:
        if content_of(translation) == content and translation.draft is None:
            return _write(run, file, written, translation, content, Action.UNCHANGED)
        return Outcome(file.slug, file.locale, Action.CONFLICT, _why(translation))
    return _write(run, file, written, translation, content, Action.UPDATED)


def _why(translation: ArticleTranslation) -> str:
    if translation.draft is not None:
        return "the file changed, and an editor has an unpublished draft of the article"
    return "the file and the article in the database both changed since they were last alike"


def _article(session: Session, slug: str) -> Article | None:
    return session.scalars(
        sa.select(Article)
        .where(Article.slug == slug)
        .options(selectinload(Article.translations).joinedload(ArticleTranslation.draft))
    ).one_or_none()


def _new_article(run: _Import, file: ArticleFile, written: Written) -> Article:
    article = Article(slug=file.slug, audience=written.meta.audience, created_at=run.now)
    run.session.add(article)
    return article


def _new_translation(run: _Import, article: Article, file: ArticleFile, content: Content) -> ArticleTranslation:
    translation = ArticleTranslation(locale=file.locale, status=Status.DRAFT, extra={}, related=[], updated_at=run.now)
    take_content(translation, content, now=run.now)
    article.translations.append(translation)
    run.session.add(translation)
    return translation


def _write(  # noqa: PLR0917 - one file and where it goes
    run: _Import,
    file: ArticleFile,
    written: Written,
    translation: ArticleTranslation,
    content: Content,
    action: Action,
) -> Outcome:
    meta, article = written.meta, translation.article
    article.audience, article.category = meta.audience, run.categories.get(meta.category or "") or article.category
    article.review_by = meta.review_by or article.review_by
    translation.reviewed_on, translation.extra = meta.reviewed, meta.unused
    run.session.flush()
    _redirects(run.session, article, meta.redirects)
    remark = written.remark
    if file.is_foreign and meta.status is Status.PUBLISHED and not written.body.strip():
        meta.status, remark = Status.DRAFT, "it has no text: kept as a draft"
    if meta.status is Status.PUBLISHED and action is not Action.UNCHANGED:
        publish(run.session, translation, content=content, by=run.by, now=run.now, note=IMPORTED)
    else:
        take_content(translation, content, now=run.now)
        translation.status = meta.status
        index_translation(run.session, translation, now=run.now)
    translation.file_hash, translation.row_hash = file.hash, row_hash(translation)
    run.session.flush()
    return Outcome(file.slug, file.locale, action, remark, missing_links=_missing(run, translation))


def _redirects(session: Session, article: Article, slugs: list[str]) -> None:
    known = (
        set(session.scalars(sa.select(ArticleRedirect.slug).where(ArticleRedirect.slug.in_(slugs)))) if slugs else ()
    )
    session.add_all(ArticleRedirect(slug=slug, article_id=article.id) for slug in slugs if slug not in known)


def _missing(run: _Import, translation: ArticleTranslation) -> tuple[str, ...]:
    rendered = render_markdown(translation.body, locale=translation.locale, slug=translation.article.slug)
    return tuple(sorted(set(_ARTICLE_HREF.findall(str(rendered.html))) - run.slugs))
