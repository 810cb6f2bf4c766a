"""Finding: the search page and the suggestions while one types."""

from __future__ import annotations

from flask import jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from helpdesk.accounts.access import signed_in_user_or_none
from helpdesk.clock import utc_now
from helpdesk.extensions import db, limiter, settings
from helpdesk.kb.queries import reader as queries
from helpdesk.kb.rules import audiences_of
from helpdesk.kb.services.reading import is_machine
from helpdesk.kb.views.blueprints import kb_bp as bp
from helpdesk.search.contracts import SearchAnswer, SearchQuery
from helpdesk.search.jobs import get_index
from helpdesk.search.services import log_query
from helpdesk.search.services import search as find
from helpdesk.search.services import suggest as find_suggestions
from helpdesk.web.afterwards import afterwards
from helpdesk.web.formatting import today
from helpdesk.web.guards import public
from helpdesk.web.locale import current_locale

_PAGE = 10
_PAGES = 10


@bp.get("/search")
@public
@limiter.limit("60/minute")
def search() -> ResponseReturnValue:
    """Answer a question with articles."""
    reader, locale = signed_in_user_or_none(), current_locale()
    shelves = queries.shelves(db.session, reader)
    query = _query(shelves)
    answer = find(db.session, query, index=get_index(settings()))
    nearest = (
        []
        if answer.hits or answer.other_languages
        else queries.popular(db.session, reader, locale, today=today(), limit=4)
    )
    response = make_response(
        render_template(
            "kb/search.html",
            query=query,
            answer=answer,
            shelves=shelves,
            chosen=request.args.get("category", ""),
            names={child.category.slug: child.category for shelf in shelves for child in (shelf, *shelf.children)},
            nearest=nearest,
            next_page=_next_page(query, answer),
        )
    )
    if _is_asked_by_a_person(query):
        now = utc_now()
        afterwards(response, lambda fresh: log_query(fresh, query, answer, now=now))
    return response


def _query(shelves: list[queries.Shelf]) -> SearchQuery:
    reader = signed_in_user_or_none()
    page = min(max(request.args.get("page", 1, type=int), 1), _PAGES)
    return SearchQuery(
        text=request.args.get("q", "").strip()[:1000],
        locale=current_locale(),
        audiences=audiences_of(reader.role if reader else None),
        categories=_categories(shelves, request.args.get("category", "")),
        limit=_PAGE,
        offset=(page - 1) * _PAGE,
        exact=request.args.get("exact") == "1",
    )


def _categories(shelves: list[queries.Shelf], slug: str) -> frozenset[str]:
    """A shelf means its children too; an unknown one means all."""
    for shelf in shelves:
        if shelf.category.slug == slug:
            return frozenset({slug, *(child.category.slug for child in shelf.children)})
        if any(child.category.slug == slug for child in shelf.children):
            return frozenset({slug})
    return frozenset()


def _next_page(query: SearchQuery, answer: SearchAnswer) -> int | None:
    page = query.offset // _PAGE + 1
    return page + 1 if query.offset + _PAGE < answer.total and page < _PAGES else None


def _is_asked_by_a_person(query: SearchQuery) -> bool:
    reader = signed_in_user_or_none()
    if not query.text or query.offset or (reader is not None and reader.role.is_staff):
        return False
    return not is_machine(request.headers.get("User-Agent", ""))


@bp.get("/suggest")
@public
@limiter.limit("240/minute")
def suggest() -> ResponseReturnValue:
    """Offer articles and questions while somebody types."""
    reader = signed_in_user_or_none()
    found = find_suggestions(
        db.session,
        request.args.get("q", "")[:200],
        locale=current_locale(),
        audiences=audiences_of(reader.role if reader else None),
        index=get_index(settings()),
    )
    response = jsonify(
        suggestions=[
            {
                "title": one.text,
                "url": one.url,
                "parts": [{"text": part.text, "marked": part.marked} for part in one.parts],
            }
            for one in found
        ]
    )
    response.headers["Cache-Control"] = "no-store"
    return response
