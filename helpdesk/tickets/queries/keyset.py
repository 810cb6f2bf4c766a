"""Where the next page begins: a moment and a number in one short word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from helpdesk.db import UtcDateTime
from helpdesk.tickets.models import Ticket

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_PARTS = 3


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """The last row of a page: its rank among kinds of rows, its moment, its id."""

    rank: int
    moment: datetime
    id: int

    def __str__(self) -> str:
        """Write it for an address."""
        return f"{self.rank}-{(self.moment - _EPOCH) // _MICROSECOND}-{self.id}"


def read_key(text: str | None) -> Key | None:
    """Read a key from an address; anything else is the first page."""
    parts = (text or "").split("-")
    if len(parts) != _PARTS or not all(part.isascii() and part.isdigit() and len(part) <= 17 for part in parts):  # noqa: PLR2004
        return None
    rank, micros, number = (int(part) for part in parts)
    try:
        return Key(min(rank, 99), _EPOCH + micros * _MICROSECOND, min(number, 2**31 - 1))
    except OverflowError:
        return None


def older_than(key: Key, column: InstrumentedAttribute[datetime]) -> sa.ColumnElement[bool]:
    """Rows after `key` in falling order of `column`, then id."""
    return sa.tuple_(column, Ticket.id) < _pair(key)


def later_than(key: Key, column: InstrumentedAttribute[datetime]) -> sa.ColumnElement[bool]:
    """Rows after `key` in rising order of `column`, then id."""
    return sa.tuple_(column, Ticket.id) > _pair(key)


def _pair(key: Key) -> sa.Tuple:
    return sa.tuple_(sa.literal(key.moment, UtcDateTime()), sa.literal(key.id, sa.BigInteger()))
