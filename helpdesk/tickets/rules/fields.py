"""What may be answered to a field of the partner's own, and how an answer is kept: always as plain text."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from helpdesk.errors import DomainError
from helpdesk.money import Money, NotAnAmount
from helpdesk.tickets.models import FieldKind
from helpdesk.tickets.rules.words import tidy_line

ANSWER_MAX: Final = 500
_DIGITS: Final = 15


class AnswerMissing(DomainError):
    """This topic needs it."""


class AnswerTooLong(DomainError):
    """Keep it under %(limit)d characters."""


class AnswerNotOffered(DomainError):
    """Choose one of the list."""


class AnswerNoDate(DomainError):
    """Write the day like 2026-10-01."""


class AnswerNoNumber(DomainError):
    """Write a number, such as 12 or 3.5."""


class AnswerNoMoney(DomainError):
    """Write an amount, such as 1234.50."""


def checked(kind: FieldKind, text: str, *, required: bool, offered: Collection[str] = (), currency: str = "CNY") -> str:
    """Give the answer as it is kept: a date in ISO form, money in minor units; empty where nothing was answered.

    Raises `AnswerMissing`, `AnswerTooLong`, and by kind `AnswerNotOffered`, `AnswerNoDate`, `AnswerNoNumber`,
    `AnswerNoMoney`.
    """
    words = tidy_line(text)
    if not words:
        if required:
            raise AnswerMissing
        return ""
    if len(words) > ANSWER_MAX:
        raise AnswerTooLong(limit=ANSWER_MAX)
    if kind is FieldKind.CHOICE and words not in offered:
        raise AnswerNotOffered
    if kind is FieldKind.MONEY:
        return _minor(words, currency)
    return {FieldKind.DATE: _day, FieldKind.NUMBER: _number}.get(kind, str)(words)


def _day(words: str) -> str:
    try:
        return date.fromisoformat(words).isoformat()
    except ValueError:
        raise AnswerNoDate from None


def _number(words: str) -> str:
    try:
        number = Decimal(words)
    except InvalidOperation:
        raise AnswerNoNumber from None
    if not number.is_finite() or len(number.as_tuple().digits) > _DIGITS or abs(number.adjusted()) > _DIGITS:
        raise AnswerNoNumber
    return f"{number.normalize():f}"


def _minor(words: str, currency: str) -> str:
    try:
        return str(Money.parse(words, currency).minor)
    except NotAnAmount:
        raise AnswerNoMoney from None
