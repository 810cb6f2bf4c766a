"""Pages of a list by keyset: as quick on page 1,000 as on the first."""

from __future__ import annotations

from collections.abc import Sequence
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
