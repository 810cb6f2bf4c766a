"""When an operator should look."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

SNAPSHOT_OLD: Final = timedelta(days=2)
DRILL_OLD: Final = timedelta(days=35)
"""A snapshot a day and a drill a month, each with some patience. Our choice."""
DISK_LOW: Final = 1 << 30
"""Bytes that should stay free: the database, the search index and a snapshot grow beside what is there. Our choice."""


def is_overdue(last: datetime | None, limit: timedelta, *, now: datetime) -> bool:
    """Whether it was never done, or longer ago than `limit`."""
    return last is None or now - last > limit
