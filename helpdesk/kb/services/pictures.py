"""Pictures that editors add: looked at, named by what they hold, never without words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from helpdesk.errors import DomainError
from helpdesk.files.uploads import checked_uploads
from helpdesk.kb.models import Article, ArticleImage

MAX_BYTES: Final = 4 * 1024 * 1024
_KINDS: Final = ("image/png", "image/jpeg", "image/webp")
_ODD: Final = re.compile(r"[^a-z0-9]+")


class PictureWithoutWords(DomainError):
    """Say in a few words what the picture shows, for readers who cannot see it."""


class NoPicture(DomainError):
    """Choose a picture: PNG, JPEG or WebP."""


class PictureTooLarge(DomainError):
    """The picture is larger than %(limit)d MB. Save it smaller, and choose it again."""


def add_picture(session: Session, article: Article, uploads: Iterable[FileStorage], *, alt: str) -> str:
    """Keep a picture under a name that holds its hash; gives the Markdown that shows it.

    Raises `PictureWithoutWords`, `NoPicture`, `PictureTooLarge` or a `FileRefused`.
    """
    words = " ".join(alt.replace("[", "(").replace("]", ")").split())[:200]
    files = checked_uploads(uploads)
    if not files or files[0].content_type not in _KINDS:
        raise NoPicture
    if not words:
        raise PictureWithoutWords
    file = files[0]
    if file.size > MAX_BYTES:
        raise PictureTooLarge(limit=MAX_BYTES // (1024 * 1024))
    stem, _, ending = file.filename.lower().rpartition(".")
    name = f"{_ODD.sub('-', stem).strip('-')[:60] or 'picture'}-{file.sha256[:10]}.{ending}"
    known = session.scalars(
        sa.select(ArticleImage.id).where(ArticleImage.article_id == article.id, ArticleImage.name == name)
    ).first()
    if known is None:
        data = b"".join(file.chunks())
        session.add(
            ArticleImage(
                article_id=article.id, name=name, content_type=file.content_type, sha256=file.sha256, data=data
            )
        )
        session.flush()
    return f"![{words}]({name})"
