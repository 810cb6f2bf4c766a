"""The binary term map, and the weights in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.search.termmap import Fields, key_of, length, pack, read, squashed, weights

FIELDS = Fields(
    "Refunds", ("How long", "Refund methods"), "When a refund comes", ("money back",), "A refund takes days."
)


def test_one_field_holds_all_with_the_title_weighing_most() -> None:
    weighted = weights(FIELDS, "en")

    assert weighted["refund"] == 4 + 2 + 2 + 1
    assert weighted["day"] == 1


def test_the_map_gives_back_each_weight_and_the_title() -> None:
    packed = pack(weights(FIELDS, "en"), FIELDS.title, "en")

    found, title = read(packed, [key_of("refund"), key_of("absent"), key_of("method")])

    assert found == [9, 0, 2]
    assert title == {key_of("refund")}


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.integers(1, 60_000), max_size=60))
def test_every_map_is_read_as_it_was_packed(weighted: dict[str, int]) -> None:
    packed = pack(weighted, "", "en")

    assert read(packed, [key_of(term) for term in weighted])[0] == list(weighted.values())


def test_beginnings_of_identifiers_do_not_make_a_text_longer() -> None:
    with_identifier = weights(Fields("", (), "", (), "INV-2026-0042"), "en")

    assert length(with_identifier) == 4


def test_a_phrase_does_not_run_from_one_field_into_the_next() -> None:
    assert "refundshowlong" not in squashed(FIELDS, "en")
    assert "whenarefundcomes" in squashed(FIELDS, "en")
