"""What is owed on an invoice: derived from lines, ledger and open disputes, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from helpdesk.billing.models import InvoiceStatus
from helpdesk.money import Money


class InvoiceState(StrEnum):
    """How an invoice stands, for people."""

    DRAFT = "draft"
    ISSUED = "issued"
    PARTLY_PAID = "partly_paid"
    DISPUTED = "disputed"
    OVERDUE = "overdue"
    PAID = "paid"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class InvoiceBalance:
    """The figures of one invoice, all of one currency."""

    status: InvoiceStatus
    due_on: date
    total: Money
    paid: Money
    credited: Money
    disputed: Money
    """Sum of the open disputes."""

    @property
    def outstanding(self) -> Money:
        """What is not paid or credited; negative when more was paid than was owed."""
        return self.total - self.paid - self.credited

    @property
    def due(self) -> Money:
        """What must be paid whatever becomes of the disputes; never negative, nothing on a draft or void invoice."""
        nothing = Money.zero(self.total.currency)
        if self.status is not InvoiceStatus.ISSUED:
            return nothing
        return max(nothing, self.outstanding - self.disputed)

    @property
    def overpaid(self) -> Money:
        """What the partner owes back."""
        return max(Money.zero(self.total.currency), -self.outstanding)

    def is_overdue(self, today: date) -> bool:
        """Whether an undisputed amount is unpaid after its due date; on the due date itself it is in time."""
        return bool(self.due) and today > self.due_on

    def days_overdue(self, today: date) -> int:
        """Days since the due date while something is overdue, else 0."""
        return (today - self.due_on).days if self.is_overdue(today) else 0

    def state(self, today: date) -> InvoiceState:
        """The one word for it; overdue is said before anything else."""
        if self.status is not InvoiceStatus.ISSUED:
            return InvoiceState(self.status.value)
        if self.is_overdue(today):
            return InvoiceState.OVERDUE
        if self.outstanding <= Money.zero(self.total.currency):
            return InvoiceState.PAID
        if not self.due:
            return InvoiceState.DISPUTED
        return InvoiceState.PARTLY_PAID if self.paid or self.credited else InvoiceState.ISSUED
