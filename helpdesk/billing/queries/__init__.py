"""What the billing pages and the other slices ask."""

from helpdesk.billing.queries.balances import balance_of, balances_of, figures, overdue_undisputed
from helpdesk.billing.queries.invoices import (
    invoice_page,
    invoice_visible,
    invoices_visible_to,
    line_visible,
    lines_visible_to,
)
from helpdesk.billing.queries.subscriptions import (
    subscription_visible,
    subscriptions_page,
    subscriptions_visible_to,
)

__all__ = [
    "balance_of",
    "balances_of",
    "figures",
    "invoice_page",
    "invoice_visible",
    "invoices_visible_to",
    "line_visible",
    "lines_visible_to",
    "overdue_undisputed",
    "subscription_visible",
    "subscriptions_page",
    "subscriptions_visible_to",
]
