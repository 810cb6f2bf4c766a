"""How often a new password may be asked for; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from helpdesk.errors import DomainError

WINDOW: Final = timedelta(hours=1)


class TooManyResets(DomainError):
    """We mailed several links within the hour. Look among unwanted mail too, or try again in %(minutes)s minutes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Requests within `WINDOW`: how many, and when the first was."""

    count: int
    first_at: datetime | None


def check_asked(asked: Asked, *, most: int, now: datetime) -> None:
    """Refuse one request more than `most` in an hour. Raises `TooManyResets`."""
    if asked.count < most or asked.first_at is None:
        return
    left = asked.first_at + WINDOW - now
    raise TooManyResets(minutes=max(1, ceil(left.total_seconds() / 60)))
