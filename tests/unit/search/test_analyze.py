"""The analyzer: what text becomes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.search.analyze import TERM_MAX, query_terms, single_characters, squash, terms, words
from helpdesk.search.chinese import TO_SIMPLIFIED
from helpdesk.search.contracts import LOCALES


def test_english_is_stemmed_and_loses_its_small_words() -> None:
    assert terms("The subscriptions were suspended", "en") == terms("suspending a subscription", "en")[::-1]


def test_chinese_becomes_overlapping_pairs() -> None:
    assert terms("申请退款", "zh-Hans") == ["申请", "请退", "退款"]


@pytest.mark.parametrize(
    "forms",
    ["reactivate reactivated reactivates reactivating reactivation", "prorate prorated proration", "create created"],
)
def test_the_forms_of_a_word_are_one_term(forms: str) -> None:
    assert len(set(terms(forms, "en"))) == 1


def test_pairs_of_two_hiragana_are_dropped() -> None:
    assert terms("お支払いについて", "ja") == ["お支", "支払", "払い"]


def test_latin_words_and_numbers_inside_chinese_stay_whole() -> None:
    found = terms("通过CSP购买Office 365 E3，费率1.5%", "zh-Hans")

    assert {"csp", "office", "365", "e3", "1.5%"} <= set(found)


def test_traditional_characters_are_searched_as_simplified_ones() -> None:
    assert terms("發票與帳單", "zh-Hans") == terms("发票与帐单", "zh-Hans")


def test_no_character_is_folded_twice() -> None:
    assert not set(TO_SIMPLIFIED.keys()) & set(TO_SIMPLIFIED.values())


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("INV-2026-0042", "inv-2026-0042"),
        ("INV-2026-0042", "INV-2026"),
        ("INV-2026-0042", "0042"),
        ("T-1042", "t-1042"),
        ("0f3d1a52-6f0e-4c58-9d1e-2b5a7c9e1001", "0F3D1A52-6F0E"),
        ("lanting.partner.onmschina.cn", "lanting.partner"),
        ("lanting.partner.onmschina.cn", "onmschina"),
        ("wang.fang@lanting.example", "wang.fang@lanting.example"),
    ],
)
@pytest.mark.parametrize("locale", LOCALES)
def test_identifiers_are_found_whole_by_part_and_by_beginning(written: str, asked: str, locale: str) -> None:
    stored = set(terms(f"see {written}, please", locale))

    assert stored & set(query_terms(asked, locale))


def test_full_width_letters_and_half_width_katakana_are_the_usual_ones() -> None:
    assert terms("ＣＳＰ ﾗｲｾﾝｽ", "ja") == terms("CSP ライセンス", "ja")


def test_a_hyphenated_word_is_found_written_together() -> None:
    assert set(terms("email", "en")) <= set(terms("an e-mail", "en"))


def test_only_whole_words_are_offered_to_the_spelling() -> None:
    assert words("Refund of INV-2026-0042 为 the Customer") == {"refund", "customer"}


def test_a_character_alone_is_known_as_such() -> None:
    assert single_characters("税 E3 发票", "zh-Hans") == {"税"}


def test_phrases_are_compared_without_what_stands_between() -> None:
    assert squash("Pay-as-you-go, 1.5 %", "en") == "payasyougo15"


@given(st.text(max_size=300), st.sampled_from(LOCALES))
def test_any_text_gives_terms_that_an_index_can_hold(text: str, locale: str) -> None:
    found = terms(text, locale)

    assert all(term and len(term) <= TERM_MAX + 1 and not any(c.isspace() for c in term) for term in found)


@given(st.text(max_size=100), st.sampled_from(LOCALES))
def test_what_is_written_is_found_by_what_is_written(text: str, locale: str) -> None:
    assert {term for term in query_terms(text, locale) if not term.endswith("*")} <= set(terms(text, locale))
