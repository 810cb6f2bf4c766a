"""Why a file, or a row of it, is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpdesk.errors import DomainError


class FileEmpty(DomainError):
    """The file is empty."""


class NotText(DomainError):
    """This is not a text file. Export it as CSV and try again."""


class LineTooLong(DomainError):
    """Line %(line)s is longer than %(limit)s characters, so this is no reconciliation file."""


class TooManyColumns(DomainError):
    """The header names %(count)s columns; a reconciliation file has at most %(limit)s."""


class ColumnTwice(DomainError):
    """The header names the column %(column)s twice."""


class ColumnsMissing(DomainError):
    """These columns are missing from the header: %(columns)s."""


class NoRows(DomainError):
    """The file has a header and no charges under it."""


class KindUnknown(DomainError):
    """Files of the kind %(kind)s cannot be imported."""


class CurrenciesInFile(DomainError):
    """The file mixes currencies (%(currencies)s); a billing entity uses a single one."""


class CorrectsEarlierFile(DomainError):
    """This file corrects %(name)s: %(changed)s charges differ, %(gone)s are no longer in it. Look at the differences, then say that it shall take its place."""  # noqa: E501 - one sentence


class BadValue(DomainError):
    """This cell cannot be read."""


class CellEmpty(BadValue):
    """The cell is empty."""


class NotADate(BadValue):
    """“%(text)s” is not a date like 2/28/2015 23:59 or 2015-02-28."""


class NoSuchDate(BadValue):
    """“%(text)s” is a date that does not exist."""


class NotANumber(BadValue):
    """“%(text)s” is not a number like 1,234.50."""


class NumberTooLarge(BadValue):
    """“%(text)s” is too large."""


class TooManyPlaces(BadValue):
    """“%(text)s” has more than %(limit)s decimal places."""


class NotWhole(BadValue):
    """“%(text)s” is not a whole number."""


class NotATenant(BadValue):
    """“%(text)s” is not an id like 0f3d1a52-6f0e-4c58-9d1e-2b5a7c9e1001."""


class ChargeTypeUnknown(BadValue):
    """“%(text)s” is not a known charge type."""


class NotACurrency(BadValue):
    """“%(text)s” is not a currency code like CNY."""


class TextTooLong(BadValue):
    """The text is longer than %(limit)s characters."""


class CellsMissing(BadValue):
    """%(count)s cells where the header has %(columns)s columns."""


class EndsBeforeStart(BadValue):
    """%(end)s is before the charge begins on %(start)s."""


class SubtotalWrong(BadValue):
    """It is not Amount less TotalOtherDiscount."""


class TotalWrong(BadValue):
    """It is not Subtotal plus Tax."""


class OverageWrong(BadValue):
    """It is not ConsumedQuantity less IncludedQuantity."""


class UsageTotalWrong(BadValue):
    """It is not PretaxCharges plus TaxAmount."""


class QuoteNeverCloses(BadValue):
    """A quote is never closed, so the rest of the file cannot be told into cells."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row that cannot be taken: where it is and why."""

    line: int
    column: str
    why: BadValue

    def __str__(self) -> str:
        """`line 7, Quantity: “ten” is not a whole number`."""
        place = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{place}: {self.why}"

    def as_json(self) -> dict[str, Any]:
        """Plain values, from which the page makes a sentence in the reader's language."""
        values = {name: str(value) for name, value in self.why.values.items()}
        return {"line": self.line, "column": self.column, "reason": self.why.sentence, "values": values}


class RowsRefused(DomainError):
    """%(count)s of %(rows)s rows cannot be read, so nothing was imported. The first is %(first)s"""  # noqa: D400 - the row ends it

    def __init__(self, bad: list[BadRow], *, count: int, rows: int) -> None:
        """Keep the rows that were reported; `count` may be larger."""
        self.bad = bad
        super().__init__(count=count, rows=rows, first=str(bad[0]))
