"""One cell at a time: dates, decimals, whole numbers, names; each refusal in words."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from helpdesk.billing.models import ChargeType
from helpdesk.billing.reconciliation.errors import (
    BadValue,
    CellEmpty,
    ChargeTypeUnknown,
    NoSuchDate,
    NotACurrency,
    NotADate,
    NotANumber,
    NotATenant,
    NotWhole,
    NumberTooLarge,
    TextTooLong,
    TooManyPlaces,
)
from helpdesk.money import Money

AMOUNT_MAX: Final = Decimal(10) ** 12
QUANTITY_MAX: Final = 10**9
PRICE_PLACES: Final = 6
_US: Final = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AaPp][Mm])?)?$")
_ISO: Final = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$")
_DECIMAL: Final = re.compile(r"^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?$")
_GUID: Final = re.compile(r"^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$")
_FEES: Final = re.compile(r"\bfees\b")
_TYPES: Final = {_FEES.sub("fee", kind.value.casefold()): kind.value for kind in ChargeType}
_CURRENCY: Final = re.compile(r"^[A-Z]{3}$")
_MICRO: Final = Decimal(1).scaleb(-PRICE_PLACES)


_remembered: Final = lru_cache(maxsize=16384)
"""A file says the same things again and again."""


def _refused(kind: type[BadValue], text: str) -> BadValue:
    return kind(text=text[:40]) if text else CellEmpty()


@_remembered
def day(text: str) -> date:
    """A calendar day from `2/28/2015 23:59` (month first) or ISO; the time of day is left out."""
    american, iso = _US.match(text), _ISO.match(text)
    if american:
        month, day_, year = (int(part) for part in american.groups())
    elif iso:
        year, month, day_ = (int(part) for part in iso.groups())
    else:
        raise _refused(NotADate, text)
    try:
        return date(year, month, day_)
    except ValueError as error:
        raise NoSuchDate(text=text[:40]) from error


@_remembered
def iso_day(text: str) -> str:
    """The same as ISO text."""
    return day(text).isoformat()


@_remembered
def decimal(text: str) -> Decimal:
    """An exact number, with or without thousands separators; (1.00) is minus one, as accountants write it."""
    bare = text.removeprefix("(").removesuffix(")") if text.startswith("(") and text.endswith(")") else text
    bare = bare.replace("−", "-").removeprefix("¥").removeprefix("￥")
    if len(bare) > 40 or not any(map(str.isdigit, bare)) or not bare.isascii() or not _DECIMAL.match(bare):  # noqa: PLR2004
        raise _refused(NotANumber, text)
    value = Decimal(bare.replace(",", ""))
    value = -value if bare != text and text.startswith("(") else value
    if abs(value) >= AMOUNT_MAX:
        raise NumberTooLarge(text=text[:40])
    return value


@_remembered
def minor(text: str, currency: str) -> int:
    """An amount in the smallest unit of `currency`, rounded half up."""
    return Money.of(decimal(text), currency).minor


@_remembered
def price(text: str) -> Decimal:
    """A unit price with at most six places."""
    value = decimal(text)
    if value != round(value, PRICE_PLACES):
        raise TooManyPlaces(text=text[:40], limit=PRICE_PLACES)
    return value


@_remembered
def micros(text: str) -> int:
    """A unit price in millionths. Raises what `price` raises."""
    return int(price(text).scaleb(PRICE_PLACES))


@_remembered
def rounded_micros(text: str) -> int:
    """A metered price in millionths, rounded half up: such prices have more places than six."""
    return int(decimal(text).quantize(_MICRO, rounding=ROUND_HALF_UP).scaleb(PRICE_PLACES))


@_remembered
def whole(text: str) -> int:
    """A number of seats."""
    value = decimal(text)
    if value != value.to_integral_value():
        raise NotWhole(text=text[:40])
    if abs(value) > QUANTITY_MAX:
        raise NumberTooLarge(text=text[:40])
    return int(value)


@_remembered
def guid(text: str) -> str:
    """A tenant's id, in lower case."""
    found = _GUID.match(text.lower())
    if found is None:
        raise _refused(NotATenant, text)
    return found.group(1)


@_remembered
def charge_type(text: str) -> str:
    """A documented charge type, by its documented name; the files write `fee` and `fees` as they please."""
    found = _TYPES.get(_FEES.sub("fee", " ".join(text.split()).casefold()))
    if found is None:
        raise _refused(ChargeTypeUnknown, text)
    return found


@_remembered
def currency(text: str) -> str:
    """An ISO 4217 code."""
    if not _CURRENCY.match(text.upper()):
        raise _refused(NotACurrency, text)
    return text.upper()


def words(text: str, *, limit: int) -> str:
    """A text that must be there and fit."""
    if not text:
        raise CellEmpty
    if len(text) > limit:
        raise TextTooLong(limit=limit)
    return text


def identifier(text: str) -> str:
    """An identifier of the billing platform."""
    return words(text, limit=60)
