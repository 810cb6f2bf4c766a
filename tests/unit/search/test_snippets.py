"""Snippets and marked titles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.search.contracts import LOCALES, Part
from helpdesk.search.snippets import WIDTH, marked, pattern, snippet


def _marks(parts: tuple[Part, ...]) -> list[str]:
    return [part.text for part in parts if part.marked]


def test_the_window_shows_the_place_that_answers() -> None:
    text = "Words of introduction. " * 40 + "A refund takes ten working days. " + "More words follow. " * 40

    parts = snippet(text, pattern("how long does a refund take", "en"), "en")

    assert {"refund", "takes"} <= set(_marks(parts))
    assert parts[0] == parts[-1] == Part("…")


def test_lines_of_a_table_do_not_run_into_each_other() -> None:
    parts = snippet("A refund is due\nSeats removed\nNothing else.\nAsk us", pattern("refund", "en"), "en")

    assert "".join(part.text for part in parts) == "A refund is due · Seats removed · Nothing else. Ask us"


def test_a_stem_marks_the_whole_word() -> None:
    assert _marks(marked("Paying your invoices", pattern("pay an invoice", "en"), "en")) == ["Paying", "invoices"]


@pytest.mark.parametrize(
    ("locale", "question", "text", "expected"),
    [
        ("zh-Hans", "申请退款", "如何申请退款？", ["申请退款"]),
        ("zh-Hans", "發票", "开具发票的步骤", ["发票"]),
        ("ja", "請求書", "請求書の見方", ["請求書"]),
        ("ja", "ライセンスの返金", "ライセンスの返金について", ["ライセンスの返金"]),
        ("zh-Hans", "E3 席位", "购买 E3 席位", ["E3", "席位"]),
    ],
)
def test_chinese_and_japanese_are_marked_where_they_stand(
    locale: str, question: str, text: str, expected: list[str]
) -> None:
    assert _marks(marked(text, pattern(question, locale), locale)) == expected


def test_a_synonym_is_marked_too() -> None:
    assert _marks(marked("Read your bill", pattern("invoice", "en", ["bill"]), "en")) == ["bill"]


@given(st.text(max_size=600), st.text(max_size=60), st.sampled_from(LOCALES))
def test_a_marked_title_is_the_title(text: str, question: str, locale: str) -> None:
    parts = marked(text, pattern(question, locale), locale)

    assert "".join(part.text for part in parts) == text


@given(st.text(max_size=600), st.text(max_size=60), st.sampled_from(LOCALES))
def test_a_snippet_is_a_bounded_piece_of_the_text(text: str, question: str, locale: str) -> None:
    parts = snippet(text, pattern(question, locale), locale)

    shown = "".join(part.text for part in parts)
    plain = shown.replace(" · ", " ")
    assert len(plain) <= WIDTH[locale] + 2
    assert plain.strip("…") in text.replace("\n", " ").replace(" · ", " ") or "…" in text
