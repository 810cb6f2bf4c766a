"""What 21Vianet charged the partner against what the partner billed its customers, and what a late payment costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from helpdesk.limits import LATE_CHARGE_PERCENT, PARTNER_PAYMENT_DAYS
from helpdesk.money import Money

_PERCENT: Final = Decimal(100)


class Standing(StrEnum):
    """How the charges of one subscription stand."""

    BILLED = "billed"
    PARTLY = "partly"
    MISSING = "missing"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One subscription of one customer in one currency."""

    tenant_id: str
    customer: str
    customer_public_id: str
    subscription: str
    offer: str
    charged: Money
    """By 21Vianet, tax included."""
    invoiced: Money
    """By the partner, on issued invoices, tax included."""
    unbilled: Money
    """Of what was charged: the charges that stand on no issued invoice."""

    @property
    def margin(self) -> Money:
        """What the partner keeps."""
        return self.invoiced - self.charged

    @property
    def margin_percent(self) -> Decimal | None:
        """The margin in percent of what was invoiced; None where nothing was."""
        if not self.invoiced:
            return None
        return (Decimal(self.margin.minor) / Decimal(self.invoiced.minor) * _PERCENT).quantize(Decimal("0.1"))

    @property
    def standing(self) -> Standing:
        """Whether everything that was charged is billed, and the other way round."""
        if self.charged and not self.invoiced:
            return Standing.MISSING
        if self.unbilled:
            return Standing.PARTLY
        return Standing.EXTRA if self.invoiced and not self.charged else Standing.BILLED


@dataclass(frozen=True, slots=True)
class Payable:
    """What the partner owes 21Vianet for one file, or for one invoice. Source: domain, duty 2."""

    id: int
    name: str
    kind: str
    amount: Money
    billed_on: date
    paid_on: date | None

    @property
    def due_on(self) -> date:
        """Net 30 days from the billing date."""
        return self.billed_on + timedelta(days=PARTNER_PAYMENT_DAYS)

    def days_late(self, today: date) -> int:
        """Days between the due date and the payment, or today; 0 in time."""
        return max(0, ((self.paid_on or today) - self.due_on).days)

    def is_late(self, today: date) -> bool:
        """Whether it is unpaid after its due date."""
        return self.is_owed and self.paid_on is None and today > self.due_on

    @property
    def is_owed(self) -> bool:
        """Whether it is to be paid at all; a credit is not."""
        return self.amount.minor > 0

    def late_charge(self, today: date) -> Money:
        """At most what 21Vianet may add: 1.5 % of the invoice for each month begun after the due date.

        Where the law allows less, it is less.
        """
        late = self.days_late(today)
        if not late or self.amount.minor <= 0:
            return Money.zero(self.amount.currency)
        months = (late + 29) // 30
        return Money.of(self.amount.major * Decimal(LATE_CHARGE_PERCENT) / _PERCENT * months, self.amount.currency)


@dataclass(frozen=True, slots=True)
class BilledPayable(Payable):
    """What one invoice of 21Vianet says, beside the files that explain it."""

    files: tuple[Payable, ...]
    period: tuple[date, date] | None
    """First and last day that it bills."""
    amends: str
    paid_raw: Decimal

    @property
    def explained(self) -> Money:
        """What the files say together."""
        return sum((file.amount for file in self.files), Money.zero(self.amount.currency))

    @property
    def difference(self) -> Money:
        """What the invoice says more than its files; less than nothing where they say more."""
        return self.amount - self.explained
