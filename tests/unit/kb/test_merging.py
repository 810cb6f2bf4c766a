"""Two editors, one text: nothing of either is lost."""

from __future__ import annotations

import pytest

from helpdesk.kb.merging import has_marks, merge_content, merge_text
from helpdesk.kb.rules import Content

BASE = "One.\n\nTwo is here.\n\nThree.\n"


def test_changes_in_different_lines_are_both_kept() -> None:
    merged = merge_text(BASE, BASE.replace("One", "Uno"), BASE.replace("Three", "Tres"))

    assert merged.text == "Uno.\n\nTwo is here.\n\nTres.\n"
    assert merged.conflicts == 0


def test_different_words_of_one_line_are_both_kept() -> None:
    merged = merge_text("请在三十天内付款给我们。\n", "请在四十天内付款给我们。\n", "请在三十天内付款给伙伴。\n")

    assert merged.text == "请在四十天内付款给伙伴。\n"
    assert merged.conflicts == 0


def test_the_same_words_changed_twice_are_shown_twice() -> None:
    merged = merge_text(BASE, BASE.replace("here", "there"), BASE.replace("here", "gone"), labels=("you", "Mei"))

    assert merged.conflicts == 1
    assert "<<<<<<< you\nTwo is there.\n=======\nTwo is gone.\n>>>>>>> Mei\n" in merged.text
    assert has_marks(merged.text)
    assert not has_marks(BASE)


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [("", BASE, ""), (BASE, "", ""), (BASE, BASE, BASE), (BASE + "Four.\n", BASE + "Four.\n", BASE + "Four.\n")],
)
def test_the_edges(mine: str, theirs: str, expected: str) -> None:
    assert merge_text(BASE, mine, theirs).text == expected


def test_two_additions_at_one_place_lose_neither() -> None:
    merged = merge_text(BASE, BASE + "Mine.\n", BASE + "Theirs.\n")

    assert "Mine." in merged.text
    assert "Theirs." in merged.text


def test_titles_and_tags_are_merged_one_by_one() -> None:
    base = Content("Due", "Soon", BASE, ("a", "b"))

    merged = merge_content(
        base,
        Content("Due day", "Sooner", BASE, ("a", "b", "c")),
        Content("Due", "Soonest", BASE, ("b",)),
        labels=("you", "Mei"),
    )

    assert merged.content.title == "Due day"
    assert merged.content.tags == ("b", "c")
    assert merged.fields == ("summary",)
    assert not merged.is_clean
