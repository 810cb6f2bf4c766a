"""What the billing pages and the other slices ask."""

from helpdesk.billing.queries.balances import balance_of, balances_of, figures, overdue_undisputed
from helpdesk.billing.queries.invoices import (
    invoice_page,
    invoice_visible,
    invoices_visible_to,
    line_visible,
    lines_visible_to,
)
from helpdesk.billing.queries.proofs import holds_of, is_on_hold, proof_visible, proofs_of, proofs_visible_to
from helpdesk.billing.queries.subscriptions import (
    subscription_visible,
    subscriptions_page,
    subscriptions_visible_to,
)

__all__ = [
    "balance_of",
    "balances_of",
    "figures",
    "holds_of",
    "invoice_page",
    "invoice_visible",
    "invoices_visible_to",
    "is_on_hold",
    "line_visible",
    "lines_visible_to",
    "overdue_undisputed",
    "proof_visible",
    "proofs_of",
    "proofs_visible_to",
    "subscription_visible",
    "subscriptions_page",
    "subscriptions_visible_to",
]
