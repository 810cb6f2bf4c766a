"""What may be disputed, and how a dispute ends."""

from __future__ import annotations

from typing import Final

from helpdesk.billing.models import DisputeState, InvoiceStatus
from helpdesk.errors import DomainError
from helpdesk.money import Money

TRANSITIONS: Final[dict[DisputeState, frozenset[DisputeState]]] = {
    DisputeState.OPEN: frozenset({DisputeState.WITHDRAWN, DisputeState.GRANTED, DisputeState.DECLINED}),
    DisputeState.WITHDRAWN: frozenset(),
    DisputeState.GRANTED: frozenset(),
    DisputeState.DECLINED: frozenset(),
}


class InvoiceNotDisputable(DomainError):
    """Only a line of an issued invoice can be disputed."""


class DisputeAlreadyOpen(DomainError):
    """This line is already in dispute. Add what you know to the ticket that is open about it."""


class DisputeNotPositive(DomainError):
    """Enter the amount that you dispute, more than nothing."""


class DisputeTooLarge(DomainError):
    """You can dispute at most %(largest)s on this line."""


class NothingToDispute(DomainError):
    """This line takes nothing from you that is still open to dispute. Ask a question about it instead."""


class DisputeAlreadyClosed(DomainError):
    """This dispute has ended already."""


class CreditNotPossible(DomainError):
    """A credit goes with a dispute that is granted, and is at most the disputed amount, %(largest)s."""


def disputable(line_total: Money, *, disputed: Money, credited: Money) -> Money:
    """The undisputed total of a line: what it costs less open disputes and credits already granted on it."""
    return max(Money.zero(line_total.currency), line_total - disputed - credited)


def check_dispute(amount: Money | None, *, status: InvoiceStatus, largest: Money, is_open: bool) -> Money:
    """The amount of a new dispute: what was asked, or all that can be.

    Raises `InvoiceNotDisputable`, `DisputeAlreadyOpen`, `NothingToDispute`, `DisputeNotPositive`,
    `DisputeTooLarge`, `CurrenciesMixed`.
    """
    if status is not InvoiceStatus.ISSUED:
        raise InvoiceNotDisputable
    if is_open:
        raise DisputeAlreadyOpen
    if not largest:
        raise NothingToDispute
    wanted = largest if amount is None else amount
    if wanted <= Money.zero(largest.currency):
        raise DisputeNotPositive
    if wanted > largest:
        raise DisputeTooLarge(largest=largest)
    return wanted


def check_close(state: DisputeState, outcome: DisputeState) -> None:
    """Refuse what `TRANSITIONS` does not allow. Raises `DisputeAlreadyClosed`."""
    if outcome not in TRANSITIONS[state]:
        raise DisputeAlreadyClosed


def credit_of(outcome: DisputeState, *, disputed: Money, credit: Money | None) -> Money | None:
    """The credit that closing gives: granted without a figure means all of it. Raises `CreditNotPossible`."""
    if outcome is not DisputeState.GRANTED:
        if credit is not None and credit:
            raise CreditNotPossible(largest=disputed)
        return None
    wanted = disputed if credit is None else credit
    if not Money.zero(disputed.currency) < wanted <= disputed:
        raise CreditNotPossible(largest=disputed)
    return wanted
