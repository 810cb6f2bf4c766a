"""Subscriptions, invoices with their lines, the ledger, disputes, and 21Vianet's rows."""

from helpdesk.billing.models.charge_types import ChargeType
from helpdesk.billing.models.imports import BillingImport, ImportKind, ImportState
from helpdesk.billing.models.invoices import (
    Dispute,
    DisputeState,
    Invoice,
    InvoiceLine,
    InvoiceLineCharge,
    InvoiceStatus,
    LedgerEntry,
    LedgerKind,
)
from helpdesk.billing.models.prices import MarkupRule
from helpdesk.billing.models.proofs import PaymentProof, ProofState
from helpdesk.billing.models.readings import PartnerCenterReading
from helpdesk.billing.models.reconciliation import ReconciliationFile, ReconciliationRow
from helpdesk.billing.models.subscriptions import Subscription, SubscriptionState
from helpdesk.billing.models.vnet_invoices import VnetInvoice

__all__ = [
    "BillingImport",
    "ChargeType",
    "Dispute",
    "DisputeState",
    "ImportKind",
    "ImportState",
    "Invoice",
    "InvoiceLine",
    "InvoiceLineCharge",
    "InvoiceStatus",
    "LedgerEntry",
    "LedgerKind",
    "MarkupRule",
    "PartnerCenterReading",
    "PaymentProof",
    "ProofState",
    "ReconciliationFile",
    "ReconciliationRow",
    "Subscription",
    "SubscriptionState",
    "VnetInvoice",
]
