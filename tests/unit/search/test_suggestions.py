"""Suggestions as one types."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.search.contracts import PUBLIC, SearchAnswer, SearchQuery
from helpdesk.search.engines.database import DatabaseIndex
from helpdesk.search.services import index_document, learn_questions, log_query, remove_document, suggest
from tests.unit.search.conftest import article


def _texts(session: Session, text: str, locale: str = "en", audiences: frozenset[str] = PUBLIC) -> list[str]:
    return [one.text for one in suggest(session, text, locale=locale, audiences=audiences)]


def test_titles_are_found_from_any_of_their_words(session: Session, now: datetime) -> None:
    index_document(session, article(1, title="Pay an invoice"), now=now)
    index_document(session, article(2, title="Invoices explained"), now=now)

    assert _texts(session, "invo") == ["Invoices explained", "Pay an invoice"]
    assert _texts(session, "pay an") == ["Pay an invoice"]


def test_chinese_titles_are_found_from_any_character(session: Session, now: datetime) -> None:
    index_document(session, article(1, locale="zh-Hans", title="如何申请退款"), now=now)

    assert _texts(session, "退", "zh-Hans") == ["如何申请退款"]


def test_a_suggestion_opens_its_article_and_shows_why(session: Session, now: datetime) -> None:
    index_document(session, article(1, title="Pay an invoice"), now=now)

    one = suggest(session, "invoice", locale="en", audiences=PUBLIC)[0]

    assert (one.url, one.object_id) == ("/en/article-1", 1)
    assert [part.text for part in one.parts if part.marked] == ["invoice"]


def test_a_stranger_is_not_suggested_internal_titles(session: Session, now: datetime) -> None:
    index_document(session, article(1, title="Write-off rules", audience="agents"), now=now)

    assert _texts(session, "write") == []
    assert _texts(session, "write", audiences=frozenset({"agents"})) == ["Write-off rules"]


def test_a_changed_or_removed_article_is_suggested_no_more(session: Session, now: datetime) -> None:
    index_document(session, article(1, title="Pay an invoice"), now=now)
    index_document(session, article(1, title="Pay a bill"), now=now)
    index_document(session, article(2, title="Pay a fee"), now=now)
    remove_document(session, kind="article", object_id=2, locale="en", now=now)

    assert _texts(session, "pay") == ["Pay a bill"]


def test_a_whole_question_is_understood_with_an_index(session: Session, now: datetime) -> None:
    index_document(session, article(1, title="Refunds", body="When you were charged twice, ask for a refund."), now=now)

    found = suggest(session, "why was I charged twice", locale="en", audiences=PUBLIC, index=DatabaseIndex())

    assert [one.text for one in found] == ["Refunds"]


def test_a_percent_sign_is_only_a_character(session: Session, now: datetime) -> None:
    index_document(session, article(1, title="Pay an invoice"), now=now)

    assert _texts(session, "%") == _texts(session, "_a") == []


def _ask_often(session: Session, text: str, now: datetime, *, results: int = 1, staff: bool = False) -> None:
    audiences = frozenset({"public", "agents"}) if staff else PUBLIC
    for _ in range(3):
        query = SearchQuery(text=text, locale="en", audiences=audiences)
        log_query(session, query, SearchAnswer(total=results), now=now)


def test_frequent_answered_public_questions_are_suggested(session: Session, now: datetime) -> None:
    index_document(session, article(1, title="Refunds", body="How a duplicate charge is paid back."), now=now)
    _ask_often(session, "duplicate charge", now)

    learn_questions(session, now=now)

    assert _texts(session, "dupl") == ["duplicate charge"]


def test_what_staff_asked_or_nothing_answered_or_nobody_wrote_is_not_suggested(session: Session, now: datetime) -> None:
    index_document(session, article(1, title="Refunds", body="How a duplicate charge is paid back."), now=now)
    _ask_often(session, "duplicate refunds", now, staff=True)
    _ask_often(session, "duplicate", now, results=0)
    _ask_often(session, "duplicate charge of wang fang", now)
    _ask_often(session, "duplicate 4111", now)

    learn_questions(session, now=now)

    assert _texts(session, "dupl") == []
