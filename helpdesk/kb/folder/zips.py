"""A folder of articles as one zip file, in and out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final

import sqlalchemy as sa
import yaml
from sqlalchemy.orm import Session, contains_eager, joinedload, undefer

from helpdesk.errors import DomainError
from helpdesk.kb.folder.rows import as_file
from helpdesk.kb.models import Article, ArticleImage, ArticleTranslation, Category, Status

MEMBERS_MAX: Final = 5_000
UNPACKED_MAX: Final = 100 * 1024 * 1024
_WANTED: Final = re.compile(
    r"(?:.*/)?(?P<kept>categories\.yml|[a-z0-9][a-z0-9-]{0,119}/(?:(?:en|zh-Hans|ja)\.md|[\w.-]{1,120}\.(?:png|jpe?g|webp|gif)))",
)


class NotAZip(DomainError):
    """Choose a zip file that holds articles as slug/en.md, slug/zh-Hans.md and slug/ja.md."""


class ZipTooLarge(DomainError):
    """The zip file holds more than 5,000 files or 100 MB: import it in parts."""


@contextmanager
def unpacked(stream: BinaryIO) -> Iterator[Path]:
    """The articles of a zip file in a folder that is gone afterwards; anything else in it is passed over.

    Raises `NotAZip`, `ZipTooLarge`.
    """
    with TemporaryDirectory(prefix="articles-") as name:
        folder = Path(name)
        try:
            with zipfile.ZipFile(stream) as archive:
                count = _unpack(archive, folder)
        except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, EOFError) as error:
            raise NotAZip from error
        if not count:
            raise NotAZip
        yield folder


def _unpack(archive: zipfile.ZipFile, folder: Path) -> int:
    members = archive.infolist()
    if len(members) > MEMBERS_MAX or sum(member.file_size for member in members) > UNPACKED_MAX:
        raise ZipTooLarge
    count = 0
    for member in members:
        match = _WANTED.fullmatch(member.filename)
        if match is None or ".." in member.filename:
            continue
        path = folder / match["kept"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(archive.read(member))
        count += 1
    return count


def zipped(session: Session) -> bytes:
    """Every article that is not archived, its pictures and the categories; the sync with `kb/` is left alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("categories.yml", _categories(session))
        for translation in _translations(session):
            archive.writestr(f"{translation.article.slug}/{translation.locale}.md", as_file(translation))
        for slug, image in _pictures(session):
            archive.writestr(f"{slug}/{image.name}", image.data)
    return out.getvalue()


def _translations(session: Session) -> sa.ScalarResult[ArticleTranslation]:
    return session.scalars(
        sa.select(ArticleTranslation)
        .join(ArticleTranslation.article)
        .options(contains_eager(ArticleTranslation.article).joinedload(Article.category))
        .options(joinedload(ArticleTranslation.draft))
        .where(ArticleTranslation.status != Status.ARCHIVED)
        .order_by(Article.slug, ArticleTranslation.locale)
    )


def _pictures(session: Session) -> list[tuple[str, ArticleImage]]:
    rows = session.execute(
        sa.select(Article.slug, ArticleImage)
        .join(Article, Article.id == ArticleImage.article_id)
        .options(undefer(ArticleImage.data))
        .order_by(Article.slug, ArticleImage.name)
    )
    return [(slug, image) for slug, image in rows]


def _categories(session: Session) -> str:
    every = session.scalars(sa.select(Category).order_by(Category.position, Category.id)).all()
    shelves = [
        {
            "slug": shelf.slug,
            "icon": shelf.icon,
            "names": dict(shelf.names),
            "children": [{"slug": one.slug, "names": dict(one.names)} for one in every if one.parent_id == shelf.id],
        }
        for shelf in every
        if shelf.parent_id is None
    ]
    return yaml.safe_dump(shelves, allow_unicode=True, sort_keys=False)
