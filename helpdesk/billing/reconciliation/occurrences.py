"""Which time a row is met in one file.

Two charges of one file may say exactly the same, and both count. Their keys need a number, so the first
reading notes the hash of every content (eight bytes each), and the second counts only those that came twice.
"""

from __future__ import annotations

from array import array
from itertools import pairwise


class Occurrences:
    """First `meet` every content, then `settle`, then ask `number` for each again in the same order."""

    def __init__(self) -> None:
        """Start knowing nothing."""
        self._met = array("Q")
        self._counts: dict[int, int] = {}

    def meet(self, content: bytes) -> None:
        """Note a content on the first reading."""
        self._met.append(int.from_bytes(content[:8], "big"))

    def settle(self) -> None:
        """Find what came twice; the hashes are no longer needed then."""
        self._counts = {left: 0 for left, right in pairwise(sorted(self._met)) if left == right}
        self._met = array("Q")

    def number(self, content: bytes) -> int:
        """1 for the first of its kind, 2 for the second and so on, on the second reading."""
        mark = int.from_bytes(content[:8], "big")
        if mark not in self._counts:
            return 1
        self._counts[mark] += 1
        return self._counts[mark]

    def rewind(self) -> None:
        """Count from the beginning again, for one more reading."""
        self._counts = dict.fromkeys(self._counts, 0)
