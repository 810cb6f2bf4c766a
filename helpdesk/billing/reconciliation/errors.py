"""Why a file, or a row of it, is refused."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row that cannot be taken: where it is and why, in plain English."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        """`line 7, Quantity: “ten” is not a whole number`."""
        place = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{place}: {self.reason}"


class RowsRefused(DomainError):
    """%(count)s of %(rows)s rows cannot be read, so nothing was imported. The first: %(first)s."""

    def __init__(self, bad: list[BadRow], *, count: int, rows: int) -> None:
        """Keep the rows that were reported; `count` may be larger."""
        self.bad = bad
        super().__init__(count=count, rows=rows, first=str(bad[0]))
