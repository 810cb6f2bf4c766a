"""The words that people read for the closed sets of billing."""

from helpdesk.billing.labels.charges import CHARGE_NAMES, CHARGE_WORDS
from helpdesk.billing.labels.imports import (
    DOCUMENT_TYPES,
    IMPORT_KINDS,
    IMPORT_STATES,
    IMPORT_TONES,
    PROOF_STATES,
    PROOF_TONES,
    STANDING_TONES,
    STANDINGS,
)
from helpdesk.billing.labels.states import (
    DISPUTE_STATES,
    DISPUTE_TONES,
    INVOICE_ICONS,
    INVOICE_STATES,
    INVOICE_TONES,
    LEDGER_KINDS,
    SUBSCRIPTION_STATES,
    SUBSCRIPTION_TONES,
)

__all__ = [
    "CHARGE_NAMES",
    "CHARGE_WORDS",
    "DISPUTE_STATES",
    "DISPUTE_TONES",
    "DOCUMENT_TYPES",
    "IMPORT_KINDS",
    "IMPORT_STATES",
    "IMPORT_TONES",
    "INVOICE_ICONS",
    "INVOICE_STATES",
    "INVOICE_TONES",
    "LEDGER_KINDS",
    "PROOF_STATES",
    "PROOF_TONES",
    "STANDINGS",
    "STANDING_TONES",
    "SUBSCRIPTION_STATES",
    "SUBSCRIPTION_TONES",
]
