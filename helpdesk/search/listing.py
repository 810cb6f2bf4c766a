"""Finding for a list that has an order of its own: what holds all the words, without a ranking."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from helpdesk.search import queries
from helpdesk.search.analyze import squash
from helpdesk.search.answer import BEGUN, CANDIDATES, cleaned, may_go_on, scope_of
from helpdesk.search.contracts import SearchQuery
from helpdesk.search.engines.database import DatabaseIndex
from helpdesk.search.needs import Need, as_written, needs
from helpdesk.search.ports import Asked, Demand, IndexUnavailable, Scope, SearchIndex, WeightedTerm


def found_objects(
    session: Session, query: SearchQuery, *, locales: Sequence[str], index: SearchIndex | None = None
) -> sa.Select[int]:
    """What the documents in any of `locales` are about that hold all the words; the newest `limit` of them.

    The list's statement checks who may see them. Questions that nothing fits are looked up as they stand.
    """
    query = query.instead(cleaned(query.text))
    spoken = [replace(query, locale=locale) for locale in locales] if query.text else []
    ids = _holding(session, _demands(session, spoken), index or DatabaseIndex()) or _as_it_stands(session, spoken)
    newest = sorted(ids, reverse=True)[: query.limit]
    return queries.objects(newest, kind=query.kind, audiences=query.audiences, phrases=as_written(query.text))


def _demands(session: Session, spoken: Sequence[SearchQuery]) -> list[Demand]:
    groups = queries.synonym_words(session) if spoken else []
    asked = [(scope_of(each), needs(each.text, each.locale, groups)) for each in spoken]
    asked = [(scope, its) for scope, its in asked if its]
    counts = _counts(session, asked)
    known = ChainMap(*counts)
    longer = _going_on(session, asked, known)
    if longer != asked:
        counts = _counts(session, longer)
    return [Demand(scope, its, each) for (scope, its), each in zip(longer, counts, strict=True)]


def _counts(session: Session, asked: Sequence[tuple[Scope, list[Need]]]) -> list[dict[str, int]]:
    terms = [[WeightedTerm(term) for need in its for term in need] for _, its in asked]
    known = [Asked(scope, its) for (scope, _), its in zip(asked, terms, strict=True)]
    return [each.counts for each in queries.frequencies(session, known)] if known else []


def _going_on(
    session: Session, asked: Sequence[tuple[Scope, list[Need]]], known: Mapping[str, int]
) -> list[tuple[Scope, list[Need]]]:
    """Characters that stand alone, and words that nobody wrote in any language, may be the beginnings of others."""
    begun = [(scope, need) for scope, its in asked for need in [each for each in its if _goes_on(each, known)][:BEGUN]]
    guessed = zip(begun, queries.beginnings(session, begun), strict=True)
    more = {its: (*its[1], *(term.term for term in found)) for its, found in guessed}
    return [(scope, [more.get((scope, need), need) for need in its]) for scope, its in asked]


def _goes_on(need: Need, known: Mapping[str, int]) -> bool:
    if any(len(term) == 1 and not term.isascii() for term in need):
        return True
    return not any(known.get(term) for term in need) and any(map(may_go_on, need))


def _holding(session: Session, demands: Sequence[Demand], index: SearchIndex) -> list[int]:
    possible = [each for each in demands if each.fewest]
    try:
        return index.holding(session, possible, limit=CANDIDATES)
    except IndexUnavailable:
        return DatabaseIndex().holding(session, demands, limit=CANDIDATES)


def _as_it_stands(session: Session, spoken: Sequence[SearchQuery]) -> list[int]:
    phrases = [(scope_of(each), squash(each.text, each.locale)) for each in spoken]
    return [
        document
        for scope, phrase in phrases
        if len(phrase) > 1
        for document in queries.with_phrase(session, scope, phrase, limit=CANDIDATES)
    ]
