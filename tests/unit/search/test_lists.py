"""A list's search finds what holds all the words, in three languages, with each engine."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.search import services
from helpdesk.search.contracts import LOCALES, SearchQuery
from helpdesk.search.listing import found_objects
from helpdesk.search.needs import NEEDS_MAX, needs
from tests.unit.search.conftest import Desk, article

TICKETS: tuple[dict[str, Any], ...] = (
    {"title": "Refund for the October invoice", "body": "There was nothing we could do. INV-2026-0042"},
    {"title": "Suspension announcement", "body": "Our October payment was made; please reactivate. Contoso, T-1042"},
    {"title": "How do I sign in", "body": "We pay as you go for Microsoft 365 and want an auto-renewal."},
    {"locale": "zh-Hans", "title": "发票的金额有错误", "body": "请更正十月份的账单。"},
    {"locale": "zh-Hans", "title": "暂停通知", "body": "我们已经付款，金额没有错误。"},
    {"locale": "ja", "title": "請求書の支払期限について", "body": "サブスクリプションの返金はいつですか。"},
    {"locale": "ja", "title": "一時停止の通知", "body": "支払いは先週に済ませました。請求は正しいです。"},
)


@pytest.fixture
def tickets(desk: Desk) -> Desk:
    """Seven tickets in three languages; their numbers count from 1."""
    desk.save(*(article(number, kind="ticket", **each) for number, each in enumerate(TICKETS, 1)))
    desk.drain()
    return desk


def _listed(desk: Desk, text: str, limit: int = 200) -> list[int]:
    query = SearchQuery(text=text, locale="en", kind="ticket", limit=limit)
    with desk.sessions() as session:
        return sorted(session.scalars(found_objects(session, query, locales=LOCALES, index=desk.index)))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("october", [1, 2]),
        ("october invoice", [1]),
        ("October announcements payments", [2]),
        ("october unicorn", []),
        ("nothing-at-all-here", []),
        ("sign-in", [3]),
        ("pay-as-you-go", [3]),
        ("auto-renew", [3]),
        ("Microsoft-365", [3]),
        ("INV-2026-00", [1]),
        ("inv-2026-0042 refund", [1]),
        ("inv-2026-0042 suspension", []),
        ("conto", [2]),
        ("conto october", [2]),
        ("conto invoice", []),
    ],
)
def test_all_the_words_of_an_english_question_are_held(tickets: Desk, asked: str, found: list[int]) -> None:
    assert _listed(tickets, asked) == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("金额", [4, 5]),
        ("发票金额错误", [4]),
        ("发票 错误", [4]),
        ("發票", [4]),
        ("暂停金额", [5]),
        ("付款发票", []),
        ("請求書", [6]),
        ("請求", [6, 7]),
        ("請求書の支払", [6]),
        ("支払の請求", [6, 7]),
        ("返金サブスクリプション", [6]),
        ("返金 停止", []),
    ],
)
def test_every_character_of_a_word_is_held_in_a_pair(tickets: Desk, asked: str, found: list[int]) -> None:
    assert _listed(tickets, asked) == found


def test_a_word_of_the_trade_is_held_by_its_synonym_but_the_other_words_are_still_asked(tickets: Desk) -> None:
    with tickets.sessions() as session:
        services.seed_synonyms(session, now=article().updated_at)
        session.commit()

    assert _listed(tickets, "refund") == [1, 6]
    assert _listed(tickets, "invoice") == [1, 4, 6]
    assert _listed(tickets, "refund october") == [1]


def test_of_more_than_fit_the_newest_are_listed(tickets: Desk) -> None:
    assert _listed(tickets, "october", limit=1) == [2]


def test_an_edit_and_a_removal_are_seen_in_the_list(tickets: Desk) -> None:
    tickets.save(article(1, kind="ticket", title="A question about seats"))
    tickets.drain()

    assert _listed(tickets, "october") == [2]
    assert _listed(tickets, "seats") == [1]


def test_a_rare_word_finds_its_old_ticket_among_many_with_the_common_one(tickets: Desk) -> None:
    tickets.save(*(article(number, kind="ticket", title="Payment in October") for number in range(10, 400)))
    tickets.drain()

    assert _listed(tickets, "october contoso") == [2]
    assert len(_listed(tickets, "october payment", limit=1000)) == 100


def test_a_long_question_asks_for_no_more_than_can_be_looked_up() -> None:
    assert len(needs(" ".join(f"word{number}" for number in range(90)), "en", [])) == NEEDS_MAX
