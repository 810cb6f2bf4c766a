"""Leaving a mail server alone for a while when it cannot be reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=5)


@dataclass(slots=True)
class Breaker:
    """closed (mail flows) -> open (until a moment, doubling each time) -> closed again at the first success."""

    failures: int = 0
    open_until: datetime | None = None
    error: str = ""
    """Why it is open, in the words of the system or of the mail server."""

    def lets_through(self, now: datetime) -> bool:
        """Whether it is time to try."""
        return self.open_until is None or now >= self.open_until

    def note_failure(self, now: datetime, error: str = "") -> None:
        """Wait, longer each time."""
        self.error = error
        self.open_until = now + min(FIRST_PAUSE * (1 << min(self.failures, 10)), LONGEST_PAUSE)
        self.failures += 1

    def note_success(self) -> None:
        """Forget the failures."""
        self.failures = 0
        self.open_until = None
        self.error = ""
