"""When an invoice may change its status, and what a payment must be."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from helpdesk.billing.models import InvoiceStatus
from helpdesk.errors import DomainError
from helpdesk.money import CurrenciesMixed, Money

TRANSITIONS: Final[dict[InvoiceStatus, frozenset[InvoiceStatus]]] = {
    InvoiceStatus.DRAFT: frozenset({InvoiceStatus.ISSUED, InvoiceStatus.VOID}),
    InvoiceStatus.ISSUED: frozenset({InvoiceStatus.VOID}),
    InvoiceStatus.VOID: frozenset(),
}
_EASTMOST: Final = timedelta(hours=14)


class InvoiceCannotChange(DomainError):
    """An invoice that is %(before)s cannot become %(after)s."""


class InvoiceHasPayments(DomainError):
    """Money was booked on this invoice. Take it back first, then void the invoice."""


class InvoiceNotPayable(DomainError):
    """A payment is booked on an issued invoice only."""


class PaymentEmpty(DomainError):
    """A payment of nothing cannot be booked."""


class PaymentInFuture(DomainError):
    """A payment cannot be booked for a day that has not come yet."""


class MoreThanOwed(DomainError):
    """That is %(over)s more than is outstanding. Correct the amount, or confirm that so much came in."""


class PaymentKnown(DomainError):
    """This payment is booked already: the same invoice, day, amount and reference."""


class RefundTooLarge(DomainError):
    """Only %(largest)s was booked as paid on this invoice; more cannot be taken back."""


def check_status(before: InvoiceStatus, after: InvoiceStatus) -> None:
    """Refuse what `TRANSITIONS` does not allow. Raises `InvoiceCannotChange`."""
    if after not in TRANSITIONS[before]:
        raise InvoiceCannotChange(before=before.value, after=after.value)


def check_payment(
    amount: Money, *, status: InvoiceStatus, paid: Money, on: date, now: datetime, most: Money | None = None
) -> None:
    """Refuse what is no payment of this invoice; a negative amount takes an earlier one back.

    More than `most` is a slip of the finger until somebody confirms it; None means that somebody did. Raises
    `InvoiceNotPayable`, `CurrenciesMixed`, `PaymentEmpty`, `PaymentInFuture`, `RefundTooLarge`, `MoreThanOwed`.
    """
    if status is not InvoiceStatus.ISSUED:
        raise InvoiceNotPayable
    if amount.currency != paid.currency:
        raise CurrenciesMixed(left=paid.currency, right=amount.currency)
    if not amount:
        raise PaymentEmpty
    if on > (now + _EASTMOST).date():
        raise PaymentInFuture
    if (paid + amount).minor < 0:
        raise RefundTooLarge(largest=paid)
    if most is not None and amount.minor > 0 and amount > most:
        raise MoreThanOwed(over=amount - max(most, Money.zero(most.currency)))


def day_in(zone_name: str, now: datetime) -> date:
    """The calendar day in a zone; an unknown name counts as Beijing."""
    try:
        zone = ZoneInfo(zone_name)
    except (KeyError, ValueError):
        zone = ZoneInfo("Asia/Shanghai")
    return now.astimezone(zone).date()
