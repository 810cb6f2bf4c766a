"""What an invoice page shows, reckoned before the template: groups, sums, explanations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from helpdesk.billing.explanation import Explanation, explain_line, plain
from helpdesk.billing.models import Dispute, Invoice, InvoiceLine, Subscription
from helpdesk.billing.queries import balance_of
from helpdesk.billing.rules.balance import InvoiceBalance, InvoiceState
from helpdesk.billing.rules.disputes import disputable
from helpdesk.money import Money


@dataclass(frozen=True, slots=True)
class LineSheet:
    """One line with its explanation and what of it can be disputed."""

    line: InvoiceLine
    explanation: Explanation
    disputable: Money

    @property
    def open_dispute(self) -> Dispute | None:
        """The dispute that is open on it."""
        return self.line.open_dispute

    @property
    def unit_price(self) -> str:
        """The price of a seat with all its places, and two at least."""
        return plain(self.line.unit_price)

    @property
    def can_be_disputed(self) -> bool:
        """Whether a new dispute is possible."""
        return bool(self.disputable) and self.open_dispute is None


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one subscription."""

    subscription: Subscription | None
    lines: list[LineSheet]
    total: Money


@dataclass(frozen=True, slots=True)
class InvoiceSheet:
    """A whole invoice."""

    invoice: Invoice
    balance: InvoiceBalance
    state: InvoiceState
    days_overdue: int
    groups: list[Group]
    disputes: list[Dispute]


def line_sheet(line: InvoiceLine) -> LineSheet:
    """One line; needs its disputes and its invoice's ledger loaded."""
    currency = line.invoice.currency
    disputes = {dispute.id for dispute in line.disputes}
    credited = sum(entry.amount_minor for entry in line.invoice.ledger if entry.dispute_id in disputes)
    disputed = line.open_dispute.amount_minor if line.open_dispute else 0
    rest = disputable(line.total, disputed=Money(disputed, currency), credited=Money(credited, currency))
    return LineSheet(line, explain_line(line), rest)


def invoice_sheet(invoice: Invoice, *, today: date) -> InvoiceSheet:
    """The whole page of an invoice that `invoice_visible` loaded."""
    balance = balance_of(invoice)
    disputes = [dispute for line in invoice.lines for dispute in line.disputes]
    return InvoiceSheet(
        invoice=invoice,
        balance=balance,
        state=balance.state(today),
        days_overdue=balance.days_overdue(today),
        groups=list(_groups(invoice)),
        disputes=sorted(disputes, key=lambda dispute: dispute.opened_at, reverse=True),
    )


def _groups(invoice: Invoice) -> Iterator[Group]:
    """Lines by subscription, in the order in which the subscriptions first appear."""
    first: dict[int | None, int] = {}
    for line in invoice.lines:
        first.setdefault(line.subscription_id, line.position)
    lines = sorted(invoice.lines, key=lambda line: (first[line.subscription_id], line.position))
    for _subscription, found in groupby(lines, key=lambda line: line.subscription_id):
        members = list(found)
        total = Money(sum(line.total_minor for line in members), invoice.currency)
        yield Group(members[0].subscription, [line_sheet(line) for line in members], total)
