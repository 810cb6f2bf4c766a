"""When a proof of payment is taken, and how it ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from helpdesk.billing.models import InvoiceStatus, ProofState
from helpdesk.billing.rules.invoices import PaymentInFuture
from helpdesk.errors import DomainError
from helpdesk.money import CurrenciesMixed, Money

TRANSITIONS: Final[dict[ProofState, frozenset[ProofState]]] = {
    ProofState.WAITING: frozenset({ProofState.ACCEPTED, ProofState.DECLINED}),
    ProofState.ACCEPTED: frozenset(),
    ProofState.DECLINED: frozenset(),
}
_EASTMOST: Final = timedelta(hours=14)


class NothingToProve(DomainError):
    """Nothing is to be paid on this invoice, so no proof of payment is needed."""


class ProofWaiting(DomainError):
    """A proof of payment for this invoice is with us already. We tell you as soon as we have looked at it."""


class ProofMissing(DomainError):
    """Choose the bank slip: a PDF or a picture."""


class ProofAmountOdd(DomainError):
    """Enter the amount that you paid, more than nothing and at most %(largest)s."""


class ProofDecided(DomainError):
    """Somebody decided on this proof before you. Reload the page."""


class ReasonMissing(DomainError):
    """Tell the customer in a sentence why the proof does not settle the invoice."""


def check_proof(
    amount: Money, *, status: InvoiceStatus, outstanding: Money, waiting: bool, paid_on: date, now: datetime
) -> None:
    """Refuse a proof that leads nowhere.

    Raises `NothingToProve`, `ProofWaiting`, `CurrenciesMixed`, `ProofAmountOdd`, `PaymentInFuture`.
    """
    if status is not InvoiceStatus.ISSUED or outstanding.minor <= 0:
        raise NothingToProve
    if waiting:
        raise ProofWaiting
    if amount.currency != outstanding.currency:
        raise CurrenciesMixed(left=outstanding.currency, right=amount.currency)
    if not 0 < amount.minor <= outstanding.minor:
        raise ProofAmountOdd(largest=outstanding)
    if paid_on > (now + _EASTMOST).date():
        raise PaymentInFuture


def check_decision(before: ProofState, after: ProofState) -> None:
    """Refuse what `TRANSITIONS` does not allow. Raises `ProofDecided`."""
    if after not in TRANSITIONS[before]:
        raise ProofDecided


def hold_ends(sent_at: datetime, *, days: int, held_since: datetime | None) -> datetime:
    """Until when a proof keeps the suspension clock still.

    A second proof after a declined one does not begin the time anew: the hold of an invoice is one box of days.
    """
    begun = min(sent_at, held_since) if held_since else sent_at
    return begun + timedelta(days=days)
