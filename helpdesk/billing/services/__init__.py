"""The use cases of billing."""

from helpdesk.billing.services.disputes import close_dispute, open_dispute
from helpdesk.billing.services.imports import drop_import, receive_import, want_import
from helpdesk.billing.services.invoices import invoice_from_rows, issue_invoice, subscription_of_row, void_invoice
from helpdesk.billing.services.payments import record_payment
from helpdesk.billing.services.proofs import accept_proof, decline_proof, send_proof
from helpdesk.billing.services.reconciliation import import_reconciliation

__all__ = [
    "accept_proof",
    "close_dispute",
    "decline_proof",
    "drop_import",
    "import_reconciliation",
    "invoice_from_rows",
    "issue_invoice",
    "open_dispute",
    "receive_import",
    "record_payment",
    "send_proof",
    "subscription_of_row",
    "void_invoice",
    "want_import",
]
