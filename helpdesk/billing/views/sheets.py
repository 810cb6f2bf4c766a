"""What an invoice page shows, reckoned before the template: groups, sums, explanations."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from helpdesk.billing.explanation import Explanation, explain_line, plain
from helpdesk.billing.models import Dispute, Invoice, InvoiceLine, Subscription
from helpdesk.billing.queries.lines import LinesPage
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
class DisputeSheet:
    """A dispute with what was credited for it."""

    dispute: Dispute
    credited: Money


@dataclass(frozen=True, slots=True)
class InvoiceSheet:
    """A whole invoice."""

    invoice: Invoice
    balance: InvoiceBalance
    state: InvoiceState
    days_overdue: int
    groups: list[Group]
    lines: LinesPage
    disputes: Sequence[DisputeSheet]


def line_sheet(line: InvoiceLine) -> LineSheet:
    """One line; needs its disputes and its invoice's ledger loaded."""
    currency = line.invoice.currency
    credited = _credited(line.invoice, {dispute.id for dispute in line.disputes})
    disputed = line.open_dispute.amount_minor if line.open_dispute else 0
    rest = disputable(line.total, disputed=Money(disputed, currency), credited=credited)
    return LineSheet(line, explain_line(line), rest)


def _credited(invoice: Invoice, disputes: Collection[int]) -> Money:
    """What the ledger credits for these disputes."""
    return Money(sum(entry.amount_minor for entry in invoice.ledger if entry.dispute_id in disputes), invoice.currency)


def invoice_sheet(
    invoice: Invoice, balance: InvoiceBalance, lines: LinesPage, disputes: Sequence[Dispute], *, today: date
) -> InvoiceSheet:
    """The page of an invoice: what `invoice_head`, `lines_page` and `disputes_on` found."""
    return InvoiceSheet(
        invoice=invoice,
        balance=balance,
        state=balance.state(today),
        days_overdue=balance.days_overdue(today),
        groups=list(_groups(invoice, lines)),
        lines=lines,
        disputes=[DisputeSheet(dispute, _credited(invoice, {dispute.id})) for dispute in disputes],
    )


def _groups(invoice: Invoice, lines: LinesPage) -> Iterator[Group]:
    """Lines by subscription, as they come; a subscription that goes on on the next page has its whole total."""
    for _subscription, found in groupby(lines.rows, key=lambda row: row[0].subscription_id):
        members = list(found)
        line, total_minor = members[0]
        total = Money(total_minor, invoice.currency)
        yield Group(line.subscription, [line_sheet(line) for line, _total in members], total)
