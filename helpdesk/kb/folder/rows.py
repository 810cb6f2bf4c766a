"""A translation in the database, seen as a file."""

from __future__ import annotations

import hashlib
from typing import Any

from helpdesk.kb.folder.files import write
from helpdesk.kb.models import ArticleTranslation, Status


def as_file(translation: ArticleTranslation) -> str:
    """The text of the file that says what the row says."""
    article = translation.article
    meta: dict[str, Any] = {
        "title": translation.title,
        "summary": translation.summary,
        "category": article.category.slug if article.category else None,
        "audience": article.audience.value,
        "status": None if translation.status is Status.PUBLISHED else translation.status.value,
        "tags": list(translation.tags),
        "reviewed": translation.reviewed_on,
        "review_by": article.review_by,
        **translation.extra,
    }
    return write(meta, translation.body)


def row_hash(translation: ArticleTranslation) -> str:
    """Name of what the row says now."""
    return hashlib.sha256(as_file(translation).encode()).hexdigest()


def changed_since_sync(translation: ArticleTranslation) -> bool:
    """Whether the row changed after it was last alike with its file."""
    return translation.row_hash is not None and translation.row_hash != row_hash(translation)
