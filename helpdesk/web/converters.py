"""Kinds of values in addresses."""

from __future__ import annotations

from werkzeug.routing import BaseConverter, ValidationError

from helpdesk.web.locale import LOCALES


class LocaleConverter(BaseConverter):
    """`en`, `zh-Hans` or `ja`."""

    regex = "|".join(LOCALES)


class TicketConverter(BaseConverter):
    """`T-1042`, as the number 1042."""

    regex = r"[Tt]-[0-9]{1,9}"

    def to_python(self, value: str) -> int:
        """Take the number out of the reference."""
        number = int(value[2:])
        if number > 2**31 - 1:
            raise ValidationError
        return number

    def to_url(self, value: object) -> str:
        """Write a number, or a reference, as a reference."""
        text = str(value)
        return text if text.startswith("T-") else f"T-{text}"
