"""Words, tones and signs of states."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from helpdesk.billing.models import DisputeState, LedgerKind, SubscriptionState
from helpdesk.billing.rules.balance import InvoiceState

INVOICE_STATES: Final = {
    InvoiceState.DRAFT: _l("Draft"),
    InvoiceState.ISSUED: _l("To be paid"),
    InvoiceState.PARTLY_PAID: _l("Partly paid"),
    InvoiceState.DISPUTED: _l("In dispute"),
    InvoiceState.OVERDUE: _l("Overdue"),
    InvoiceState.PAID: _l("Paid"),
    InvoiceState.VOID: _l("Void"),
}
INVOICE_TONES: Final = {
    InvoiceState.DRAFT: "neutral",
    InvoiceState.ISSUED: "info",
    InvoiceState.PARTLY_PAID: "info",
    InvoiceState.DISPUTED: "warn",
    InvoiceState.OVERDUE: "bad",
    InvoiceState.PAID: "good",
    InvoiceState.VOID: "neutral",
}
INVOICE_ICONS: Final = {
    InvoiceState.DRAFT: "pencil",
    InvoiceState.ISSUED: "hourglass-split",
    InvoiceState.PARTLY_PAID: "circle-half",
    InvoiceState.DISPUTED: "flag",
    InvoiceState.OVERDUE: "exclamation-circle",
    InvoiceState.PAID: "check-circle",
    InvoiceState.VOID: "slash-circle",
}
LEDGER_KINDS: Final = {LedgerKind.PAYMENT: _l("Payment"), LedgerKind.CREDIT: _l("Credit given")}
DISPUTE_STATES: Final = {
    DisputeState.OPEN: _l("Open"),
    DisputeState.WITHDRAWN: _l("Withdrawn"),
    DisputeState.GRANTED: _l("Granted"),
    DisputeState.DECLINED: _l("Declined"),
}
DISPUTE_TONES: Final = {
    DisputeState.OPEN: "warn",
    DisputeState.WITHDRAWN: "neutral",
    DisputeState.GRANTED: "good",
    DisputeState.DECLINED: "neutral",
}
SUBSCRIPTION_STATES: Final = {
    SubscriptionState.ACTIVE: _l("Active"),
    SubscriptionState.SUSPENDED: _l("Suspended"),
    SubscriptionState.CANCELLED: _l("Cancelled"),
    SubscriptionState.DELETED: _l("Deleted"),
}
SUBSCRIPTION_TONES: Final = {
    SubscriptionState.ACTIVE: "good",
    SubscriptionState.SUSPENDED: "bad",
    SubscriptionState.CANCELLED: "neutral",
    SubscriptionState.DELETED: "neutral",
}
