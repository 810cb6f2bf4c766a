"""File names lose their traps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.files.names import NAME_MAX, clean_name, ending_of


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("银行回单.pdf", "银行回单.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\wang\\slip.pdf", "slip.pdf"),
        ("slip\u202efdp.exe", "slipfdp.exe"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("  two   words .pdf", "two words.pdf"),
        (".pdf", "file.pdf"),
        ("...", "file"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * (NAME_MAX - 4) + ".pdf"),
    ],
)
def test_a_name_is_cleaned(raw: str, clean: str) -> None:
    assert clean_name(raw) == clean


@given(st.text(max_size=400))
def test_a_clean_name_is_always_safe(raw: str) -> None:
    name = clean_name(raw)

    assert 0 < len(name) <= NAME_MAX
    assert all(character.isprintable() for character in name)
    assert not set(name) & set("/\\\r\n\0")
    assert clean_name(name) == name


def test_the_ending_is_what_stands_after_the_last_dot() -> None:
    assert [ending_of("a.PDF"), ending_of("a.pdf.exe"), ending_of("none")] == ["pdf", "exe", ""]
