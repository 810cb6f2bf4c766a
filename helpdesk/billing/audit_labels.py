"""What the audit trail says of what is done to invoices and payments."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

AUDIT_ACTIONS: Final[dict[str, LazyString]] = {
    "billing_import.received": _l("Uploaded a file of charges"),
    "billing_import.wanted": _l("Started the import of a file of charges"),
    "billing_import.dropped": _l("Discarded a file of charges"),
    "reconciliation.imported": _l("Imported a reconciliation file"),
    "invoice.made": _l("Drafted an invoice"),
    "invoice.imported": _l("Imported an invoice"),
    "invoice.issued": _l("Issued an invoice"),
    "invoice.void": _l("Voided an invoice"),
    "payment.recorded": _l("Booked a payment"),
    "payment_proof.sent": _l("Sent a proof of payment"),
    "payment_proof.accepted": _l("Accepted a proof of payment"),
    "payment_proof.declined": _l("Declined a proof of payment"),
    "dispute.opened": _l("Disputed a charge"),
    "dispute.open": _l("Left a dispute open"),
    "dispute.granted": _l("Granted a dispute"),
    "dispute.declined": _l("Declined a dispute"),
    "dispute.withdrawn": _l("Withdrew a dispute"),
    "markup.set": _l("Set a price rule"),
    "markup.removed": _l("Removed a price rule"),
    "payable.changed": _l("Changed what the partner owes 21Vianet"),
    "payable.linked": _l("Linked a reconciliation file to an invoice of 21Vianet"),
}
"""Each action that this slice writes, in words."""
