"""Synonyms of the trade."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from helpdesk.search.contracts import SearchQuery
from helpdesk.search.queries import synonym_groups
from helpdesk.search.services import TooFewSynonyms, index_document, keep_synonyms, search, seed_synonyms
from helpdesk.search.synonyms import TRADE, others, widened
from tests.unit.search.conftest import article


@pytest.mark.parametrize(
    ("asked", "locale", "title", "title_locale"),
    [
        ("bill", "en", "Read your invoice", "en"),
        ("账单", "zh-Hans", "查看发票", "zh-Hans"),
        ("refund", "zh-Hans", "申请退款", "zh-Hans"),
        ("返金", "en", "Ask for a refund", "en"),
        ("席位", "zh-Hans", "购买许可证", "zh-Hans"),
        ("fapiao", "zh-Hans", "索取发票", "zh-Hans"),
        ("suspend", "ja", "サブスクリプションの停止", "ja"),
    ],
)
def test_words_of_the_trade_find_each_other(  # noqa: PLR0917 - a table
    session: Session, now: datetime, asked: str, locale: str, title: str, title_locale: str
) -> None:
    seed_synonyms(session, now=now)
    index_document(session, article(1, title=title, locale=title_locale), now=now)

    answer = search(session, SearchQuery(text=asked, locale=locale))

    assert [hit.title for hit in answer.hits] == [title]


def test_the_word_itself_comes_before_its_synonyms(session: Session, now: datetime) -> None:
    seed_synonyms(session, now=now)
    index_document(session, article(1, title="Read your invoice"), now=now)
    index_document(session, article(2, title="Read your bill"), now=now)

    answer = search(session, SearchQuery(text="bill", locale="en"))

    assert [hit.title for hit in answer.hits] == ["Read your bill", "Read your invoice"]


def test_only_whole_latin_words_are_synonyms() -> None:
    assert others("billion", TRADE, "en") == []
    assert "invoice" in others("bills", TRADE, "en")


def test_a_synonym_counts_less() -> None:
    weights = {term.term: term.weight for term in widened("bill", TRADE, "en")}

    assert weights["bill"] == 1.0
    assert weights["invoic"] < 0.5


def test_editors_change_the_list(session: Session, now: datetime) -> None:
    index_document(session, article(1, title="Read your invoice"), now=now)

    keep_synonyms(session, None, words=["invoice", " rechnung ", "rechnung", ""], now=now)

    assert synonym_groups(session)[-1].words == ["invoice", "rechnung"]
    assert search(session, SearchQuery(text="rechnung", locale="en")).total == 1


def test_one_word_has_no_synonym(session: Session, now: datetime) -> None:
    with pytest.raises(TooFewSynonyms):
        keep_synonyms(session, None, words=["invoice", " "], now=now)


def test_an_existing_list_is_not_seeded_again(session: Session, now: datetime) -> None:
    keep_synonyms(session, None, words=["a1", "a2"], now=now)

    seed_synonyms(session, now=now)

    assert len(synonym_groups(session)) == 1
