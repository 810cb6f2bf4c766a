"""Pages of a list by keyset: as quick on page 1,000 as on the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and the key after which the next page begins (None on the last)."""

    rows: Sequence[T]
    next_key: str | None = None

    def __bool__(self) -> bool:
        """False for an empty page."""
        return bool(self.rows)


def cut(rows: Sequence[T], size: int, key: Callable[[T], object]) -> Page[T]:
    """A page of at most `size` from rows of which one more was asked for; that one says whether there are more."""
    more = len(rows) > size
    return Page(rows[:size], str(key(rows[size - 1])) if more else None)
