"""From a question to an answer: understand, propose, rank, show."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy.orm import Session

from helpdesk.search import queries, snippets
from helpdesk.search.analyze import single_characters, squash
from helpdesk.search.contracts import (
    ARTICLE,
    LOCALES,
    QUERY_MAX,
    Correction,
    SearchAnswer,
    SearchHit,
    SearchQuery,
)
from helpdesk.search.engines.database import DatabaseIndex
from helpdesk.search.ports import Asked, IndexUnavailable, Proposal, Scope, SearchIndex, WeightedTerm
from helpdesk.search.ranking import Question, ranked
from helpdesk.search.spelling import corrected
from helpdesk.search.suggestions import beginning_with
from helpdesk.search.synonyms import others, widened

CANDIDATES: Final = 100
LITTLE: Final = 3
"""With fewer hits than this, other languages are looked into."""
_OTHERS: Final = 3
BEGUN: Final = 3
_BEGUN_MIN: Final = 3
"""How many unknown words of a question are read as beginnings, and how long they are at least."""
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\s\ufffe\uffff]+")


def search(session: Session, query: SearchQuery, *, index: SearchIndex | None = None) -> SearchAnswer:
    """Answer `query`; without an `index` (or with a broken one) from the database, marked as degraded."""
    query = query.instead(cleaned(query.text))
    if not query.text or query.limit < 1:
        return SearchAnswer()
    desk = _Desk(session, index or DatabaseIndex(), queries.synonym_words(session))
    answer = _answer(desk, query)
    if query.other_languages and answer.total < LITTLE and query.offset == 0:
        answer = replace(answer, other_languages=_other_languages(desk, query, answer))
    return replace(answer, degraded=desk.degraded)


def cleaned(text: str) -> str:
    """The part of a question that is read: no control characters, at most `QUERY_MAX` characters."""
    text = text[: QUERY_MAX * 4].encode("utf-8", "ignore").decode()
    return _UNSEEN.sub(" ", text).strip()[:QUERY_MAX]


@dataclass(slots=True)
class _Desk:
    """What one question is answered with."""

    session: Session
    index: SearchIndex
    synonyms: list[list[str]]
    degraded: bool = False

    def propose(self, asked: Sequence[Asked]) -> list[Proposal]:
        try:
            return self.index.propose(self.session, asked, limit=CANDIDATES)
        except IndexUnavailable:
            self.degraded = True
            self.index = DatabaseIndex()
            return self.index.propose(self.session, asked, limit=CANDIDATES)


def _answer(desk: _Desk, query: SearchQuery) -> SearchAnswer:
    better = None if query.exact or query.kind != ARTICLE else _spelt(desk.session, query)
    if better:
        answer = _found(desk, query.instead(better))
        if answer.total:
            return replace(answer, correction=Correction(better, query.text))
    return _found(desk, query)


def _spelt(session: Session, query: SearchQuery) -> str | None:
    return corrected(session, query.text, locale=query.locale, audiences=query.audiences)


def _found(desk: _Desk, query: SearchQuery) -> SearchAnswer:
    order = _order(desk, query)
    page = order[query.offset : query.offset + query.limit]
    return SearchAnswer(hits=_hits(desk, query, page), total=len(order))


def _order(desk: _Desk, query: SearchQuery) -> list[tuple[int, float]]:
    scope, terms = scope_of(query), _terms(desk, query)
    if not terms:
        return _without_terms(desk.session, query, scope)
    phrase = squash(query.text, query.locale)
    proposal, held = _proposed(desk, scope, terms, phrase)
    if not proposal.ids:
        return _without_terms(desk.session, query, scope)
    ids = [*dict.fromkeys([*held, *proposal.ids])]
    candidates = queries.candidates(desk.session, scope, ids, phrase)
    newest = max((candidate.updated_at for candidate in candidates), default=None)
    if newest is None:
        return []
    return ranked(candidates, Question(terms, phrase), proposal.frequencies, newest=newest)


def scope_of(query: SearchQuery) -> Scope:
    """What a question may see."""
    return Scope(query.kind, query.locale, query.audiences, query.categories)


def _terms(desk: _Desk, query: SearchQuery) -> list[WeightedTerm]:
    terms = widened(query.text, desk.synonyms, query.locale)
    if alone := single_characters(query.text, query.locale):
        terms += queries.beginnings(desk.session, [(scope_of(query), sorted(alone))])[0]
    return terms


def _proposed(desk: _Desk, scope: Scope, terms: list[WeightedTerm], phrase: str) -> tuple[Proposal, list[int]]:
    """The engine's candidates, and texts that hold the question as it stands.

    Words that nobody wrote may be the beginnings of others; only if they are not, the texts are looked through.
    """
    proposal = desk.propose([Asked(scope, terms)])[0]
    begun = _unknown(terms, proposal.frequencies.counts)
    if not begun:
        return proposal, []
    if longer := queries.beginnings(desk.session, [(scope, begun[:BEGUN])])[0]:
        terms += longer
        return desk.propose([Asked(scope, terms)])[0], []
    return proposal, queries.with_phrase(desk.session, scope, phrase, limit=CANDIDATES) if proposal.ids else []


def _unknown(terms: Sequence[WeightedTerm], known: Mapping[str, int]) -> list[str]:
    """Latin words of one's own that no document holds: pieces of longer ones, perhaps."""
    return [term.term for term in terms if term.weight >= 1.0 and not known.get(term.term) and may_go_on(term.term)]


def may_go_on(term: str) -> bool:
    """Whether a Latin word is long enough to be read as the beginning of another."""
    return len(term) >= _BEGUN_MIN and term.isalnum() and term.isascii()


def _by_title(session: Session, query: SearchQuery, scope: Scope) -> list[tuple[int, float]]:
    """Unknown words may be the beginnings of words in titles."""
    if query.kind != ARTICLE:
        return []
    rows = beginning_with(session, query.text, locale=query.locale, audiences=query.audiences, limit=CANDIDATES)
    return _in_this_order(session, scope, [row.document_id for row in rows if row.document_id])


def _without_terms(session: Session, query: SearchQuery, scope: Scope) -> list[tuple[int, float]]:
    """Questions without a term (small words, hiragana only) are looked up in the titles and as a phrase."""
    titles = _by_title(session, query, scope)
    phrase = squash(query.text, query.locale)
    found = queries.with_phrase(session, scope, phrase, limit=CANDIDATES) if len(phrase) > 1 else []
    return _in_this_order(session, scope, [*dict.fromkeys([*(title for title, _ in titles), *found])])


def _in_this_order(session: Session, scope: Scope, ids: Sequence[int]) -> list[tuple[int, float]]:
    visible = {candidate.id for candidate in queries.candidates(session, scope, ids, "")}
    return [(found, 1.0 / (place + 1)) for place, found in enumerate(ids) if found in visible]


def _hits(desk: _Desk, query: SearchQuery, page: Sequence[tuple[int, float]]) -> tuple[SearchHit, ...]:
    rows = queries.documents(desk.session, [found for found, _ in page])
    synonyms = others(query.text, desk.synonyms, query.locale)
    expression = snippets.pattern(query.text, query.locale, synonyms)
    return tuple(_hit(rows[found], score, expression) for found, score in page if found in rows)


def _hit(row: Any, score: float, expression: re.Pattern[str] | None) -> SearchHit:  # noqa: ANN401 - a database row
    return SearchHit(
        object_id=row.object_id,
        locale=row.locale,
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        url=row.url,
        category=row.category,
        updated_at=row.updated_at,
        score=score,
        title_parts=snippets.marked(row.title, expression, row.locale),
        snippet=snippets.snippet(row.body or row.summary, expression, row.locale),
    )


def _other_languages(desk: _Desk, query: SearchQuery, answer: SearchAnswer) -> tuple[SearchHit, ...]:
    known = {hit.object_id for hit in answer.hits}
    found: list[SearchHit] = []
    for locale in LOCALES:
        if locale != query.locale:
            elsewhere = replace(query, locale=locale, limit=_OTHERS)
            found += [hit for hit in _found(desk, elsewhere).hits if hit.object_id not in known]
    return tuple(found)
