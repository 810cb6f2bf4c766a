"""One cell at a time: dates, decimals, whole numbers, names; each refusal in words."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from helpdesk.billing.models import ChargeType

AMOUNT_MAX: Final = Decimal(10) ** 12
QUANTITY_MAX: Final = 10**9
PRICE_PLACES: Final = 6
_US: Final = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AaPp][Mm])?)?$")
_ISO: Final = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$")
_DECIMAL: Final = re.compile(r"^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?$")
_GUID: Final = re.compile(r"^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$")
_TYPES: Final = {kind.value.casefold(): kind.value for kind in ChargeType}
_CURRENCY: Final = re.compile(r"^[A-Z]{3}$")


_remembered: Final = lru_cache(maxsize=8192)
"""A file says the same things again and again."""


class BadValueError(ValueError):
    """A cell that cannot be read; its text is the reason."""


def _shown(text: str) -> str:
    return f"“{text[:40]}”" if text else "the empty cell"


@_remembered
def day(text: str) -> date:
    """A calendar day from `2/28/2015 23:59` (month first) or ISO; the time of day is left out."""
    american, iso = _US.match(text), _ISO.match(text)
    if american:
        month, day_, year = (int(part) for part in american.groups())
    elif iso:
        year, month, day_ = (int(part) for part in iso.groups())
    else:
        raise BadValueError(f"{_shown(text)} is not a date like 2/28/2015 23:59 or 2015-02-28")
    try:
        return date(year, month, day_)
    except ValueError as error:
        raise BadValueError(f"{_shown(text)} is a date that does not exist") from error


@_remembered
def decimal(text: str) -> Decimal:
    """An exact number, with or without thousands separators; (1.00) is minus one, as accountants write it."""
    bare = text.removeprefix("(").removesuffix(")") if text.startswith("(") and text.endswith(")") else text
    bare = bare.replace("−", "-").removeprefix("¥").removeprefix("￥")
    if len(bare) > 40 or not any(map(str.isdigit, bare)) or not bare.isascii() or not _DECIMAL.match(bare):  # noqa: PLR2004
        raise BadValueError(f"{_shown(text)} is not a number like 1,234.50")
    value = Decimal(bare.replace(",", ""))
    value = -value if bare != text and text.startswith("(") else value
    if abs(value) >= AMOUNT_MAX:
        raise BadValueError(f"{_shown(text)} is too large")
    return value


@_remembered
def price(text: str) -> Decimal:
    """A unit price with at most six places."""
    value = decimal(text)
    if value != round(value, PRICE_PLACES):
        raise BadValueError(f"{_shown(text)} has more than {PRICE_PLACES} decimal places")
    return value


@_remembered
def whole(text: str) -> int:
    """A number of seats."""
    value = decimal(text)
    if value != value.to_integral_value():
        raise BadValueError(f"{_shown(text)} is not a whole number")
    if abs(value) > QUANTITY_MAX:
        raise BadValueError(f"{_shown(text)} is too large")
    return int(value)


@_remembered
def guid(text: str) -> str:
    """A tenant's id, in lower case."""
    found = _GUID.match(text.lower())
    if found is None:
        raise BadValueError(f"{_shown(text)} is not an id like 0f3d1a52-6f0e-4c58-9d1e-2b5a7c9e1001")
    return found.group(1)


@_remembered
def charge_type(text: str) -> str:
    """A documented charge type, by its documented name."""
    found = _TYPES.get(" ".join(text.split()).casefold())
    if found is None:
        raise BadValueError(f"{_shown(text)} is not a known charge type")
    return found


@_remembered
def currency(text: str) -> str:
    """An ISO 4217 code."""
    if not _CURRENCY.match(text.upper()):
        raise BadValueError(f"{_shown(text)} is not a currency code like CNY")
    return text.upper()


def words(text: str, *, limit: int) -> str:
    """A text that must be there and fit."""
    if not text:
        raise BadValueError("the cell is empty")
    if len(text) > limit:
        raise BadValueError(f"the text is longer than {limit} characters")
    return text
