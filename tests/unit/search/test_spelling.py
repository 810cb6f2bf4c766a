"""Did you mean."""

from __future__ import annotations

import pytest

from helpdesk.search.spelling import delete_keys, nearest
from tests.unit.search.conftest import Desk, article


@pytest.mark.parametrize(
    "typo", ["subscripton", "subscrpition", "susbcription", "sibscription", "subscripption", "ubscription"]
)
def test_a_misspelt_word_meets_the_right_one(typo: str) -> None:
    assert delete_keys(typo) & delete_keys("subscription")
    assert nearest(typo, [("subscription", 3), ("description", 9)]) == "subscription"


def test_the_nearer_word_wins_and_a_far_one_never() -> None:
    assert nearest("refnd", [("refuse", 90), ("refund", 2)]) == "refund"
    assert nearest("refnd", [("reconciliation", 90)]) is None


def test_a_correction_is_applied_and_told(whoosh_desk: Desk) -> None:
    whoosh_desk.save(article(1, title="Suspend a subscription"), article(2, title="Pay an invoice"))
    whoosh_desk.drain()

    answer = whoosh_desk.ask("suspned my subscripton")

    assert [hit.slug for hit in answer.hits] == ["article-1"]
    assert answer.correction
    assert (answer.correction.text, answer.correction.original) == ("suspend my subscription", "suspned my subscripton")


def test_search_instead_for_what_was_typed(whoosh_desk: Desk) -> None:
    whoosh_desk.save(article(1, title="Suspend a subscription"))
    whoosh_desk.drain()

    answer = whoosh_desk.ask("subscripton", exact=True)

    assert answer.correction is None
    assert not answer.hits


def test_known_words_and_identifiers_are_left_alone(whoosh_desk: Desk) -> None:
    whoosh_desk.save(
        article(1, title="Reading invoices", body="INV-2026-0042 and invoice"), article(2, title="Invoiced")
    )
    whoosh_desk.drain()

    assert whoosh_desk.ask("invoice inv-2026-0043").correction is None


def test_a_word_of_an_internal_article_is_neither_known_nor_proposed(whoosh_desk: Desk) -> None:
    whoosh_desk.save(article(1, title="Remediation", audience="agents"), article(2, title="Mediation of disputes"))
    whoosh_desk.drain()

    stranger = whoosh_desk.ask("remediatoin")
    agent = whoosh_desk.ask("remediatoin", audiences=frozenset({"public", "agents"}))

    assert stranger.correction is None or stranger.correction.text == "mediation"
    assert agent.correction
    assert agent.correction.text == "remediation"


def test_a_word_is_forgotten_with_its_last_article(whoosh_desk: Desk) -> None:
    whoosh_desk.save(article(1, title="Reconciliation"), article(2, title="Refunds"))
    whoosh_desk.drain()
    whoosh_desk.remove(1)
    whoosh_desk.drain()

    assert whoosh_desk.ask("reconcilation").correction is None
