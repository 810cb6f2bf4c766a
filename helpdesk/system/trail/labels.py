"""Words for what was done, and to what."""

from __future__ import annotations

from typing import Final, NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from helpdesk.accounts.audit_labels import AUDIT_ACTIONS as ACCOUNTS
from helpdesk.billing.audit_labels import AUDIT_ACTIONS as BILLING
from helpdesk.collections.audit_labels import AUDIT_ACTIONS as COLLECTIONS
from helpdesk.escalations.audit_labels import AUDIT_ACTIONS as ESCALATIONS
from helpdesk.intake.audit_labels import AUDIT_ACTIONS as INTAKE
from helpdesk.kb.audit_labels import AUDIT_ACTIONS as KB
from helpdesk.partner_center.audit_labels import AUDIT_ACTIONS as PARTNER_CENTER
from helpdesk.privacy.audit_labels import AUDIT_ACTIONS as PRIVACY
from helpdesk.system.audit_labels import AUDIT_ACTIONS as SYSTEM
from helpdesk.tickets.audit_labels import AUDIT_ACTIONS as TICKETS


class Slice(NamedTuple):
    """What one slice writes into the trail."""

    title: LazyString
    actions: dict[str, LazyString]


SLICES: Final[dict[str, Slice]] = {
    "accounts": Slice(_l("Accounts and sign-ins"), ACCOUNTS),
    "tickets": Slice(_l("Tickets and the desk"), TICKETS),
    "escalations": Slice(_l("Cases with 21Vianet"), ESCALATIONS),
    "collections": Slice(_l("Collections"), COLLECTIONS),
    "billing": Slice(_l("Invoices and payments"), BILLING),
    "partner_center": Slice(_l("Read from Partner Center"), PARTNER_CENTER),
    "kb": Slice(_l("Articles"), KB),
    "intake": Slice(_l("Mail received"), INTAKE),
    "privacy": Slice(_l("Personal data"), PRIVACY),
    "system": Slice(_l("Snapshots and virus checks"), SYSTEM),
}
ACTIONS: Final[dict[str, LazyString]] = {key: words for each in SLICES.values() for key, words in each.actions.items()}
"""Every action in words."""

KINDS: Final[dict[str, LazyString]] = {
    "user": _l("Account"),
    "customer": _l("Customer"),
    "invitation": _l("Invitation"),
    "export": _l("Download"),
    "ticket": _l("Ticket"),
    "escalation": _l("Case with 21Vianet"),
    "collections_policy": _l("Collections policy"),
    "notice": _l("Notice"),
    "suspension_case": _l("Suspension case"),
    "subscription": _l("Subscription"),
    "invoice": _l("Invoice"),
    "payment_proof": _l("Proof of payment"),
    "dispute": _l("Dispute"),
    "billing_import": _l("Import"),
    "reconciliation_file": _l("Reconciliation file"),
    "vnet_invoice": _l("Invoice of 21Vianet"),
    "markup_rule": _l("Price rule"),
    "article": _l("Article"),
    "category": _l("Category"),
    "incoming_mail": _l("Mail received"),
    "blocked_sender": _l("Blocked sender"),
    "assignment_rule": _l("Assignment rule"),
    "agent_group": _l("Group of agents"),
    "ticket_field": _l("Own field"),
    "answer_target": _l("Answer target"),
    "calendar": _l("Calendar"),
    "snapshot": _l("Snapshot"),
    "file": _l("File"),
    "retention": _l("Retention run"),
}
"""Every kind of object in words."""
