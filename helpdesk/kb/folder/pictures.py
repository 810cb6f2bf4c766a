"""The pictures in an article's folder."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.kb.models import Article, ArticleImage

TYPES: Final = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
}
_BEGINNINGS: Final = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/webp": b"RIFF",
    "image/gif": b"GIF8",
}
MAX_BYTES: Final = 4 * 1024 * 1024


def is_picture(name: str, data: bytes) -> bool:
    """Whether the bytes are what the name says, and not too many."""
    kind = TYPES.get(Path(name).suffix.lower(), "")
    return bool(kind) and data.startswith(_BEGINNINGS[kind]) and len(data) <= MAX_BYTES


def import_pictures(session: Session, folder: Path) -> int:
    """Keep each picture beside an article's files under its name and hash; how many were new or changed."""
    paths = [path for path in sorted(folder.glob("*/*")) if path.suffix.lower() in TYPES]
    if not paths:
        return 0
    slugs = {path.parent.name for path in paths}
    articles = dict(session.execute(sa.select(Article.slug, Article.id).where(Article.slug.in_(slugs))).all())
    known = {
        (one.article_id, one.name): one
        for one in session.scalars(sa.select(ArticleImage).where(ArticleImage.article_id.in_(articles.values())))
    }
    changed = 0
    for path in paths:
        data, number = path.read_bytes(), articles.get(path.parent.name)
        if number is None or not is_picture(path.name, data):
            continue
        changed += keep_picture(session, number, path.name, data, known.get((number, path.name)))
    return changed


def keep_picture(session: Session, article_id: int, name: str, data: bytes, known: ArticleImage | None) -> bool:
    """Store or replace one picture; whether anything changed."""
    digest = hashlib.sha256(data).hexdigest()
    if known is not None and known.sha256 == digest:
        return False
    image = known or ArticleImage(article_id=article_id, name=name)
    image.content_type, image.sha256, image.data = TYPES[Path(name).suffix.lower()], digest, data
    session.add(image)
    return True
