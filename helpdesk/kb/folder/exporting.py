"""Writing the database's articles into a folder; a file that changed meanwhile is never overwritten."""

from __future__ import annotations

import hashlib
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from helpdesk.kb.folder.outcomes import Action, Outcome
from helpdesk.kb.folder.rows import as_file, changed_since_sync, row_hash
from helpdesk.kb.models import Article, ArticleTranslation, Status


def export_folder(session: Session, folder: Path) -> list[Outcome]:
    """Write `slug/locale.md` for each article that changed since the last sync; one outcome a translation."""
    translations = session.scalars(
        sa.select(ArticleTranslation)
        .join(ArticleTranslation.article)
        .options(contains_eager(ArticleTranslation.article).joinedload(Article.category))
        .options(joinedload(ArticleTranslation.draft))
        .where(ArticleTranslation.status != Status.ARCHIVED)
        .order_by(Article.slug, ArticleTranslation.locale)
    )
    outcomes = [_export(translation, folder) for translation in translations]
    session.flush()
    return outcomes


def _export(translation: ArticleTranslation, folder: Path) -> Outcome:
    slug, locale = translation.article.slug, translation.locale
    path = folder / slug / f"{locale}.md"
    on_disk = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None
    row_changed = changed_since_sync(translation) or translation.row_hash is None
    file_changed = on_disk is not None and on_disk != translation.file_hash
    if on_disk is not None and not row_changed:
        return (
            Outcome(slug, locale, Action.WAITING, "the file is newer: import it")
            if file_changed
            else Outcome(slug, locale, Action.UNCHANGED)
        )
    text = as_file(translation)
    if file_changed and on_disk != hashlib.sha256(text.encode()).hexdigest():
        return Outcome(
            slug,
            locale,
            Action.CONFLICT,
            "the file and the article in the database both changed since they were last alike",
        )
    _write(path, text)
    translation.file_hash, translation.row_hash = hashlib.sha256(text.encode()).hexdigest(), row_hash(translation)
    return Outcome(slug, locale, Action.CREATED if on_disk is None else Action.UPDATED)


def _write(path: Path, text: str) -> None:
    """Replace the file in one step, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".md.new")
    beside.write_text(text, "utf-8")
    beside.replace(path)
