"""Exact money: integer minor units and a currency, never a float."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import total_ordering

from helpdesk.errors import DomainError

MINOR_DIGITS = {"CNY": 2, "JPY": 0, "USD": 2, "HKD": 2, "EUR": 2}
_LONGEST = 20
_AMOUNT = re.compile(r"^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$")


class NotAnAmount(DomainError):
    """“%(text)s” is not an amount. Write it like 1234.50."""


class CurrenciesMixed(DomainError):
    """Amounts in %(left)s and %(right)s cannot be added."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency, in its smallest unit (fen for CNY, yen for JPY)."""

    minor: int
    currency: str = "CNY"

    @classmethod
    def zero(cls, currency: str = "CNY") -> Money:
        """Nothing, in `currency`."""
        return cls(0, currency)

    @classmethod
    def of(cls, amount: Decimal | str | int, currency: str = "CNY") -> Money:
        """Money from major units, rounded half up to the currency's smallest unit."""
        scale = Decimal(10) ** MINOR_DIGITS.get(currency, 2)
        exact = amount if isinstance(amount, Decimal) else Decimal(amount)
        return cls(int((exact * scale).quantize(Decimal(1), rounding=ROUND_HALF_UP)), currency)

    @classmethod
    def parse(cls, text: str, currency: str = "CNY") -> Money:
        """Money from what a person typed. Raises `NotAnAmount`."""
        cleaned = text.strip().replace("¥", "").replace("￥", "").replace("，", ",").strip()
        if len(cleaned) > _LONGEST or not _AMOUNT.match(cleaned):
            raise NotAnAmount(text=text[:40])
        try:
            return cls.of(Decimal(cleaned.replace(",", "")), currency)
        except InvalidOperation as error:
            raise NotAnAmount(text=text[:40]) from error

    @property
    def major(self) -> Decimal:
        """The amount in major units, exact."""
        digits = MINOR_DIGITS.get(self.currency, 2)
        return Decimal(self.minor).scaleb(-digits)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrenciesMixed(left=self.currency, right=other.currency)
        return other.minor

    def __add__(self, other: Money) -> Money:
        """Sum of two amounts of one currency."""
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        """Difference of two amounts of one currency."""
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        """The same amount the other way."""
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        """Order within one currency."""
        return self.minor < self._same(other)

    def __bool__(self) -> bool:
        """False for nothing."""
        return self.minor != 0

    def __str__(self) -> str:
        """Plain text for files and logs; pages use the `money` filter."""
        return f"{self.major} {self.currency}"
