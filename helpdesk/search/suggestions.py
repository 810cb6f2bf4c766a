"""Suggestions as one types: a table of the ends of titles and of frequent questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.search.analyze import normal
from helpdesk.search.contracts import ARTICLE
from helpdesk.search.models import IndexedDocument, Suffix

SUFFIX_MAX: Final = 60
_STARTS_MAX: Final = 60
_START: Final = re.compile(r"[a-z0-9\u00c0-\u024f]+|[^\W_]")
_GAP: Final = re.compile(r"\s+")
_LAST: Final = "\U0010ffff"
_READ: Final = 60
_LATIN_MIN: Final = 2


def typed(text: str, locale: str) -> str:
    """`text` in the form in which suffixes are compared."""
    return _GAP.sub(" ", normal(text, locale)).strip()


def suffixes(title: str, locale: str) -> Iterator[tuple[int, str]]:
    """Where each begins, and the ends of `title`: from every Latin word, every other character."""
    written = typed(title, locale)
    for number, match in enumerate(_START.finditer(written)):
        if number == _STARTS_MAX:
            return
        yield match.start(), written[match.start() : match.start() + SUFFIX_MAX]


def store_title(session: Session, document: IndexedDocument) -> None:
    """Replace the suffixes of an article's title."""
    session.execute(sa.delete(Suffix).where(Suffix.document_id == document.id))
    if document.kind != ARTICLE:
        return
    rows = [
        {
            "locale": document.locale,
            "suffix": suffix,
            "start": start,
            "audience": document.audience,
            "document_id": document.id,
            "question": None,
        }
        for start, suffix in suffixes(document.title, document.locale)
    ]
    if rows:
        session.execute(sa.insert(Suffix), rows)


def store_questions(session: Session, questions: list[tuple[str, str]]) -> None:
    """Replace all frequent questions, given as text and language."""
    session.execute(sa.delete(Suffix).where(Suffix.question.is_not(None)))
    rows = [
        {
            "locale": locale,
            "suffix": suffix,
            "start": start,
            "audience": "public",
            "document_id": None,
            "question": text,
        }
        for text, locale in questions
        for start, suffix in suffixes(text, locale)
    ]
    if rows:
        session.execute(sa.insert(Suffix), rows)


def beginning_with(session: Session, text: str, *, locale: str, audiences: frozenset[str], limit: int) -> list[Any]:
    """Rows (document_id, object_id, title, url, question) whose title or question goes on from `text`, visible ones."""
    begun = typed(text, locale)[:SUFFIX_MAX]
    if not begun or (begun.isascii() and len(begun) < _LATIN_MIN):
        return []
    statement = (
        sa.select(
            Suffix.document_id,
            IndexedDocument.object_id,
            IndexedDocument.title,
            IndexedDocument.url,
            Suffix.question,
        )
        .join(IndexedDocument, IndexedDocument.id == Suffix.document_id, isouter=True)
        .where(
            Suffix.locale == locale,
            Suffix.suffix >= begun,
            Suffix.suffix < begun + _LAST,
            Suffix.audience.in_(sorted(audiences)),
        )
        .order_by(Suffix.start, Suffix.suffix)
        .limit(_READ)
    )
    seen: dict[str, Any] = {}
    for row in session.execute(statement):
        seen.setdefault(row.question or f"#{row.document_id}", row)
    return list(seen.values())[:limit]
