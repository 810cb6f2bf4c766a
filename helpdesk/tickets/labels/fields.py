"""The words of the partner's own fields."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from flask_babel import lazy_gettext as _l

from helpdesk.money import Money
from helpdesk.tickets.models import CustomField, FieldKind, Ticket
from helpdesk.tickets.queries.fields import Answered
from helpdesk.web.formatting import day, money, number
from helpdesk.web.locale import current_locale

KINDS: Final = {
    FieldKind.TEXT: _l("Text"),
    FieldKind.CHOICE: _l("One of a list"),
    FieldKind.DATE: _l("Date"),
    FieldKind.NUMBER: _l("A number"),
    FieldKind.MONEY: _l("Amount of money"),
}


def answer_words(field: CustomField, value: str, *, locale: str, currency: str) -> str:
    """An answer as the reader writes it."""
    if not value:
        return "–"
    if field.kind is FieldKind.CHOICE:
        chosen = next((choice for choice in field.choices if choice.get("en") == value), {})
        return chosen.get(locale) or value
    if field.kind is FieldKind.DATE:
        return day(date.fromisoformat(value))
    if field.kind is FieldKind.NUMBER:
        return number(Decimal(value))
    return money(Money(int(value), currency)) if field.kind is FieldKind.MONEY else value


def answer_typed(field: CustomField, value: str, *, currency: str) -> str:
    """An answer as it is put into its field again."""
    return f"{Money(int(value), currency).major}" if value and field.kind is FieldKind.MONEY else value


def answered_words(answers: Sequence[Answered], ticket: Ticket) -> list[tuple[str, str]]:
    """Names and answers of a ticket's own fields, in the reader's language."""
    locale = current_locale()
    return [
        (
            each.field.label_in(locale),
            answer_words(each.field, each.value, locale=locale, currency=ticket.customer.currency),
        )
        for each in answers
    ]
