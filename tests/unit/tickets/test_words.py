"""What people typed, made fit to keep."""

from __future__ import annotations

import pytest

from helpdesk.tickets.rules.news import Seen, newer, read_seen, seen_now
from helpdesk.tickets.rules.words import NothingWritten, TooManyWords, tidy, tidy_line, written


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00b\x07c", "abc"),
        ("safe\u202etxt.exe", "safetxt.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("  both ends \n", "both ends"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("\ud800", ""),
    ],
)
def test_words_lose_what_nobody_sees(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


def test_a_subject_is_one_line() -> None:
    assert tidy_line("two\nlines \t and   blanks") == "two lines and blanks"


def test_words_are_neither_none_nor_too_many() -> None:
    assert written(" ten chars ", limit=9) == "ten chars"
    with pytest.raises(NothingWritten):
        written(" \u200b\n ", limit=10)
    with pytest.raises(TooManyWords):
        written("x" * 11, limit=10)


def test_a_form_remembers_what_its_writer_had_read() -> None:
    class Thing:
        def __init__(self, number: int) -> None:
            self.id = number

    things = [Thing(3), Thing(7)]

    assert read_seen(str(seen_now(things, []))) == Seen(7, 0)
    assert [thing.id for thing in newer(things, 3)] == [7]


@pytest.mark.parametrize("text", [None, "", "7", "a.b", "1.2.3", "١.٢", "9" * 40 + ".1", "-1.2"])
def test_nonsense_in_a_form_is_nothing_seen(text: str | None) -> None:
    assert read_seen(text) is None
