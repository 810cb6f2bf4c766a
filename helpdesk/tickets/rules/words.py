"""What people typed, made fit to keep: no invisible or direction-changing characters."""

from __future__ import annotations

import unicodedata
from typing import Final

from helpdesk.errors import DomainError

_KEPT: Final = frozenset("\n\t\u200c\u200d")
"""Line ends, tabs, and the joiners that scripts and emoji need."""


class NothingWritten(DomainError):
    """Write a few words first."""


class TooManyWords(DomainError):
    """That is longer than %(limit)d characters. Shorten it, or attach it as a file."""


def tidy(text: str) -> str:
    """The text without control and direction characters, line ends made one kind, ends trimmed."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    unseen = {each for each in set(lines) - _KEPT if unicodedata.category(each) in {"Cc", "Cf", "Cs"}}
    return (lines.translate(dict.fromkeys(map(ord, unseen))) if unseen else lines).strip()


def tidy_line(text: str) -> str:
    """The same on one line, white space folded."""
    return " ".join(tidy(text).split())


def written(text: str, *, limit: int) -> str:
    """Tidy words of at most `limit` characters. Raises `NothingWritten`, `TooManyWords`."""
    words = tidy(text)
    if not words:
        raise NothingWritten
    if len(words) > limit:
        raise TooManyWords(limit=limit)
    return words
