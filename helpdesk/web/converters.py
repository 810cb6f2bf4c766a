"""Kinds of values in addresses."""

from __future__ import annotations

from typing import Any, Final

from werkzeug.routing import BaseConverter, IntegerConverter, Map, ValidationError

from helpdesk.web.locale import LOCALES

ROW_MAX: Final = 2**31 - 1
"""The largest number that a database keeps in an ordinary column."""


def row_number(text: str) -> int:
    """A number that may be that of a row. Raises `ValueError` on any other."""
    number = int(text)
    if not 0 <= number <= ROW_MAX:
        raise ValueError(text)
    return number


class NumberConverter(IntegerConverter):
    """A whole number that fits a column; a larger one is an address that does not exist."""

    def __init__(self, url_map: Map, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Werkzeug's signature
        """Set the largest."""
        super().__init__(url_map, *args, **{"max": ROW_MAX, **kwargs})


class LocaleConverter(BaseConverter):
    """`en`, `zh-Hans` or `ja`."""

    regex = "|".join(LOCALES)


class TicketConverter(BaseConverter):
    """`T-1042`, as the number 1042."""

    regex = r"[Tt]-[0-9]{1,9}"

    def to_python(self, value: str) -> int:
        """Take the number out of the reference."""
        number = int(value[2:])
        if number > ROW_MAX:
            raise ValidationError
        return number

    def to_url(self, value: object) -> str:
        """Write a number, or a reference, as a reference."""
        text = str(value)
        return text if text.startswith("T-") else f"T-{text}"


CONVERTERS: Final = {"int": NumberConverter, "locale": LocaleConverter, "ticket": TicketConverter}
"""What the addresses of this application may hold, by name."""
