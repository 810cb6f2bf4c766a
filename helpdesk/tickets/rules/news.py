"""What happened on a ticket since somebody looked: a reply must not talk past it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

_PARTS: Final = 2
_DIGITS: Final = 15


class Dated(Protocol):
    """A message or an event."""

    @property
    def id(self) -> int:
        """Its number; later ones are higher."""


Item = TypeVar("Item", bound=Dated)


@dataclass(frozen=True, slots=True)
class Seen:
    """The last message and the last event that somebody had before them."""

    message: int = 0
    event: int = 0

    def __str__(self) -> str:
        """Write it into a form."""
        return f"{self.message}.{self.event}"


def seen_now(messages: Sequence[Dated], events: Sequence[Dated]) -> Seen:
    """What somebody who looks now has before them."""
    return Seen(max((each.id for each in messages), default=0), max((each.id for each in events), default=0))


def read_seen(text: str | None) -> Seen | None:
    """Read it from a form; None when it was not sent, or is nonsense."""
    parts = (text or "").split(".")
    if len(parts) != _PARTS or not all(part.isascii() and part.isdigit() and len(part) <= _DIGITS for part in parts):
        return None
    return Seen(int(parts[0]), int(parts[1]))


def newer(items: Iterable[Item], than: int) -> list[Item]:
    """Those that came after number `than`."""
    return [item for item in items if item.id > than]
