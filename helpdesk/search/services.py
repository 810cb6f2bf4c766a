"""The search's use cases: index, remove, search, suggest, remember, keep the synonyms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.errors import DomainError
from helpdesk.search import asked, queries, snippets, suggestions
from helpdesk.search.analyze import ANALYZER_VERSION, query_terms, squash
from helpdesk.search.answer import cleaned, search
from helpdesk.search.contracts import ARTICLE, PUBLIC, SearchAnswer, SearchDocument, SearchQuery, Suggestion
from helpdesk.search.engines.database import DatabaseIndex
from helpdesk.search.models import IndexedDocument, LoggedQuery, OutboxRow, Suffix, SynonymGroup
from helpdesk.search.ports import Asked, Scope, SearchIndex, WeightedTerm
from helpdesk.search.synonyms import TRADE
from helpdesk.search.termmap import Fields, key_of, length, pack, read, squashed, weights

__all__ = [
    "index_document",
    "index_new",
    "keep_synonyms",
    "learn_questions",
    "log_click",
    "log_query",
    "remove_document",
    "search",
    "seed_synonyms",
    "suggest",
]

_LEARN_DAYS, _LEARN_TIMES = 90, 3
_TEXTS = ("audience", "slug", "title", "url", "category", "summary", "body", "helpful", "updated_at")


class TooFewSynonyms(DomainError):
    """Give at least two words that mean the same."""


def index_document(session: Session, document: SearchDocument, *, now: datetime) -> None:
    """Make `document` findable: its row at once, the engine's index within two seconds of the commit."""
    row = queries.document_of(session, kind=document.kind, object_id=document.object_id, locale=document.locale)
    if row is None:
        row = IndexedDocument(kind=document.kind, object_id=document.object_id, locale=document.locale, version=0)
        session.add(row)
    for name in _TEXTS:
        setattr(row, name, getattr(document, name))
    row.headings, row.tags = list(document.headings), list(document.tags)
    row.version += 1
    derive(row)
    session.flush()
    suggestions.store_title(session, row)
    _tell_indexer(session, row, now)


def index_new(session: Session, documents: Sequence[SearchDocument], *, now: datetime) -> None:
    """Make many documents findable at once that are not indexed yet; articles have titles to suggest, and go singly."""
    rows = [_as_row(document) for document in documents]
    stored = session.execute(
        sa.insert(IndexedDocument).returning(IndexedDocument.id, IndexedDocument.locale), rows
    ).all()
    waiting = [{"document_id": row.id, "locale": row.locale, "created_at": now} for row in stored]
    session.execute(sa.insert(OutboxRow), waiting)


def _as_row(document: SearchDocument) -> dict[str, Any]:
    given = {name: getattr(document, name) for name in _TEXTS}
    keys = {"kind": document.kind, "object_id": document.object_id, "locale": document.locale, "version": 1}
    lists = {"headings": list(document.headings), "tags": list(document.tags)}
    fields = Fields(document.title, document.headings, document.summary, document.tags, document.body)
    return keys | given | lists | _derived(fields, document.locale)[1]


def fields_of(row: IndexedDocument) -> Fields:
    """The text of a row, as the term map wants it."""
    return Fields(row.title, tuple(row.headings), row.summary, tuple(row.tags), row.body)


def derive(row: IndexedDocument) -> dict[str, int]:
    """Fill the columns that the analyzer makes; returns the weighted terms."""
    weighted, columns = _derived(fields_of(row), row.locale)
    for name, value in columns.items():
        setattr(row, name, value)
    return weighted


def _derived(fields: Fields, locale: str) -> tuple[dict[str, int], dict[str, Any]]:
    weighted = weights(fields, locale)
    return weighted, {
        "analyzer": ANALYZER_VERSION,
        "length": length(weighted),
        "terms": pack(weighted, fields.title, locale),
        "squashed_title": squash(fields.title, locale),
        "squashed": squashed(fields, locale),
    }


def remove_document(session: Session, *, kind: str, object_id: int, locale: str, now: datetime) -> None:
    """Make it unfindable, at once; nothing happens if it was not there."""
    row = queries.document_of(session, kind=kind, object_id=object_id, locale=locale)
    if row is None:
        return
    session.execute(sa.delete(Suffix).where(Suffix.document_id == row.id))
    _tell_indexer(session, row, now)
    session.delete(row)
    session.flush()


def _tell_indexer(session: Session, row: IndexedDocument, now: datetime) -> None:
    session.execute(sa.insert(OutboxRow).values(document_id=row.id, locale=row.locale, created_at=now))


def suggest(
    session: Session,
    text: str,
    *,
    locale: str,
    audiences: frozenset[str],
    limit: int = 6,
    index: SearchIndex | None = None,
) -> list[Suggestion]:
    """What the reader may mean while typing; with an `index` also whole questions are understood."""
    text = cleaned(text)
    rows = suggestions.beginning_with(session, text, locale=locale, audiences=audiences, limit=limit)
    found = [Suggestion(text=row.question or row.title, url=row.url, object_id=row.object_id) for row in rows]
    if index is not None and len(found) < limit and _is_sentence(text):
        found += _answers(session, text, locale, audiences, limit, index, found)
    expression = snippets.pattern(text, locale)
    return [
        Suggestion(
            text=one.text, url=one.url, object_id=one.object_id, parts=snippets.marked(one.text, expression, locale)
        )
        for one in found[:limit]
    ]


def _is_sentence(text: str) -> bool:
    return " " in text or not text.isascii()


def _answers(  # noqa: PLR0917 - what `suggest` was given
    session: Session,
    text: str,
    locale: str,
    audiences: frozenset[str],
    limit: int,
    index: SearchIndex,
    known: list[Suggestion],
) -> list[Suggestion]:
    query = SearchQuery(text=text, locale=locale, audiences=audiences, limit=limit, other_languages=False)
    ids = {one.object_id for one in known}
    hits = search(session, query, index=index).hits
    return [
        Suggestion(text=hit.title, url=hit.url, object_id=hit.object_id) for hit in hits if hit.object_id not in ids
    ]


def log_query(session: Session, query: SearchQuery, answer: SearchAnswer, *, now: datetime) -> LoggedQuery:
    """Remember that this was asked (not by whom); its id serves for `log_click`."""
    row = LoggedQuery(
        text=" ".join(cleaned(query.text).lower().split()),
        locale=query.locale,
        is_public=query.audiences == frozenset({"public"}),
        results=answer.total,
        at=now,
    )
    session.add(row)
    session.flush()
    return row


def log_click(session: Session, query_id: int, *, object_id: int) -> None:
    """Remember which result was opened first."""
    session.execute(
        sa.update(LoggedQuery)
        .where(LoggedQuery.id == query_id, LoggedQuery.clicked_object_id.is_(None))
        .values(clicked_object_id=object_id)
    )


def learn_questions(session: Session, *, now: datetime) -> int:
    """Offer questions that strangers asked often and that articles answer; returns how many.

    A question is offered only if one public article holds all its words: nothing private gets through.
    """
    questions = asked.frequent_public(session, since=now - timedelta(days=_LEARN_DAYS), times=_LEARN_TIMES)
    good = [(text, locale) for text, locale in questions if _is_answered(session, text, locale)]
    suggestions.store_questions(session, good)
    return len(good)


def _is_answered(session: Session, text: str, locale: str) -> bool:
    terms = [WeightedTerm(term) for term in query_terms(text, locale)]
    if not terms or any(character.isdigit() for character in text):
        return False
    scope = Scope(ARTICLE, locale, PUBLIC)
    proposal = DatabaseIndex().propose(session, [Asked(scope, terms)], limit=3)[0]
    keys = [key_of(term.term) for term in terms]
    found = queries.candidates(session, scope, proposal.ids, "")
    return any(all(read(candidate.terms, keys)[0]) for candidate in found)


def keep_synonyms(session: Session, group: SynonymGroup | None, *, words: list[str], now: datetime) -> SynonymGroup:
    """Change a group, or make one; raises `TooFewSynonyms`."""
    wanted = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    if len(wanted) <= 1:
        raise TooFewSynonyms
    if group is None:
        group = SynonymGroup()
        session.add(group)
    group.words, group.updated_at = wanted, now
    session.flush()
    return group


def seed_synonyms(session: Session, *, now: datetime) -> None:
    """Give a new installation the words of the trade; an existing list is left alone."""
    if session.scalars(sa.select(SynonymGroup.id).limit(1)).first() is None:
        session.add_all(SynonymGroup(words=list(words), updated_at=now) for words in TRADE)
        session.flush()
