"""File names as they may be kept: one line, no path, nothing invisible."""

from __future__ import annotations

import unicodedata
from typing import Final

NAME_MAX: Final = 120
"""Characters of a kept name; file systems and headers take at least this many."""


def clean_name(raw: str) -> str:
    """The name without its path, without control and direction characters, at most `NAME_MAX` long."""
    base = raw.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(
        character if character.isprintable() or character == " " else " "
        for character in unicodedata.normalize("NFC", base)
        if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    stem, dot, ending = " ".join(visible.split()).rstrip(". ").rpartition(".")
    if not dot:
        return ending[:NAME_MAX].strip() or "file"
    return f"{stem[: NAME_MAX - len(ending) - 1].strip(' .') or 'file'}.{ending}"[:NAME_MAX]


def ending_of(name: str) -> str:
    """What stands after the last dot, in lower case; nothing when there is no dot."""
    _, dot, ending = name.rpartition(".")
    return ending.lower() if dot else ""
