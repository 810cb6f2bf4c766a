"""The second stage: what comes first, and what the small boosts may not do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from helpdesk.search.analyze import query_terms, squash
from helpdesk.search.budget import POSTINGS, TERMS_MAX, pruned
from helpdesk.search.ports import Frequencies, WeightedTerm
from helpdesk.search.ranking import Candidate, Question, ranked
from helpdesk.search.termmap import Fields, length, pack, weights

NEWEST = datetime(2026, 11, 24, tzinfo=UTC)


def _candidate(
    number: int, title: str, body: str, question: str = "", *, headings: tuple[str, ...] = (), **more: Any
) -> Candidate:
    fields = Fields(title, headings, "", (), body)
    weighted = weights(fields, "en")
    values: dict[str, Any] = {"helpful": 0.0, "updated_at": NEWEST} | more
    phrase = squash(question, "en")
    return Candidate(
        id=number,
        terms=pack(weighted, title, "en"),
        length=length(weighted),
        squashed_title=squash(title, "en"),
        has_phrase=bool(phrase) and phrase in squash(body, "en"),
        phrase_in_heading=bool(phrase) and any(phrase in squash(heading, "en") for heading in headings),
        **values,
    )


def _order(question: str, *candidates: Candidate) -> list[int]:
    terms = [WeightedTerm(term) for term in query_terms(question, "en")]
    known = Frequencies(dict.fromkeys((term.term for term in terms), 3), 50, 20.0)
    asked = Question(terms, squash(question, "en"))
    return [found for found, _ in ranked(candidates, asked, known, newest=NEWEST)]


def test_the_title_that_is_asked_for_comes_first() -> None:
    asked = "suspend a subscription"
    exact = _candidate(1, "Suspend a subscription", "What happens then.")
    wordy = _candidate(2, "Subscriptions", "suspend subscription suspend subscription suspend subscription")

    assert _order(asked, wordy, exact) == [1, 2]


def test_the_whole_title_comes_before_a_longer_title_whose_text_says_it_more_often() -> None:
    asked = "suspend a subscription"
    whole = _candidate(1, "Suspend a subscription", "Who may suspend a subscription. " + "Other words. " * 30, asked)
    longer = _candidate(2, "Suspend a subscription in 2025", "To suspend a subscription is to suspend it. " * 8, asked)

    assert _order(asked, longer, whole) == [1, 2]


def test_the_very_phrase_comes_before_the_same_words_apart() -> None:
    asked = "net thirty days"
    phrase = _candidate(1, "Terms", "Payment is due net thirty days later, always.", asked)
    apart = _candidate(2, "Terms", "Thirty customers; net amounts; a few days later.", asked)

    assert _order(asked, apart, phrase) == [1, 2]


def test_the_phrase_as_a_heading_comes_before_the_phrase_in_a_sentence() -> None:
    asked = "grace period"
    section = _candidate(1, "Terms", "The grace period is long.", asked, headings=("The grace period",))
    sentence = _candidate(2, "Terms", "The grace period is a grace period of grace.", asked)

    assert _order(asked, sentence, section) == [1, 2]


def test_helpful_and_fresh_articles_win_only_between_equals() -> None:
    old: dict[str, Any] = {"updated_at": NEWEST - timedelta(days=2000), "helpful": -1.0}
    loved = _candidate(1, "Refund", "All about it.", helpful=1.0)
    unloved = _candidate(2, "Refund", "All about it.", **old)
    better = _candidate(3, "Refund of seats", "Refund, seats, refund of seats.", **old)

    assert _order("refund", unloved, loved) == [1, 2]
    assert _order("refund seats", loved, better) == [3, 1]


def test_what_matches_nothing_is_not_a_result() -> None:
    assert _order("refund", _candidate(1, "Seats", "Licences.")) == []


def test_the_rarest_words_are_asked_within_the_budget() -> None:
    terms = [WeightedTerm(f"t{n}") for n in range(40)]
    known = Frequencies({f"t{n}": 40 * (40 - n) for n in range(40)}, 5_000, 100.0)

    asked = pruned(terms, known)

    assert asked[0].term == "t39"
    assert len(asked) <= TERMS_MAX
    assert sum(known.counts[term.term] for term in asked) <= POSTINGS


def test_two_words_are_asked_however_common_and_unknown_ones_never() -> None:
    known = Frequencies({"a": 9_000, "b": 9_000, "c": 9_000}, 10_000, 100.0)

    asked = pruned([WeightedTerm(term) for term in ("a", "b", "c", "unknown")], known)

    assert [term.term for term in asked] == ["a", "b"]
