"""Column types of the billing tables."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Dialect
from sqlalchemy.types import TypeDecorator

MICROS_DIGITS: Final = 6


class Micros(TypeDecorator[Decimal]):
    """An exact decimal with six places, kept as an integer of millionths: SQLite would keep a float."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Count the millionths; more than six places are refused, never rounded away."""
        del dialect
        if value is None:
            return None
        scaled = Decimal(value).scaleb(MICROS_DIGITS)
        if scaled != scaled.to_integral_value():
            msg = f"more than {MICROS_DIGITS} decimal places"
            raise ValueError(msg)
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Give the decimal back."""
        del dialect
        return None if value is None else Decimal(value).scaleb(-MICROS_DIGITS)


class ExactDecimal(TypeDecorator[Decimal]):
    """An exact decimal with as many places as were written, kept as text: metered quantities have ten and more."""

    impl = sa.String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Write it out."""
        del dialect
        return None if value is None else f"{value:f}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Give the decimal back."""
        del dialect
        return None if value is None else Decimal(value)
