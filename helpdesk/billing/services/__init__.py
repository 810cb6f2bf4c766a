"""The use cases of billing."""

from helpdesk.billing.services.disputes import close_dispute, open_dispute
from helpdesk.billing.services.invoices import invoice_from_rows, issue_invoice, subscription_of_row, void_invoice
from helpdesk.billing.services.payments import record_payment
from helpdesk.billing.services.reconciliation import import_reconciliation

__all__ = [
    "close_dispute",
    "import_reconciliation",
    "invoice_from_rows",
    "issue_invoice",
    "open_dispute",
    "record_payment",
    "subscription_of_row",
    "void_invoice",
]
