"""Which tables hold data of a person or an organisation, how a row belongs to them, and what is not handed out.

A way is a chain of foreign keys, `message_id.ticket_id.requester_id`, that ends at a person or at an organisation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from helpdesk.tickets.models import MessageKind
from helpdesk.tickets.rules.timeline import CUSTOMER_EVENTS


@dataclass(frozen=True, slots=True)
class Kept:
    """A table with personal data."""

    person: tuple[str, ...] = ()
    """Ways from a row to the person it is about; none when it is about the organisation alone."""
    organisation: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    """Columns that are not handed out: secrets, the partner's own notes, and how the house works."""
    about_customers: bool = True
    """Whether its rows are a customer's: then they are not handed to the partner's people as their own data."""


def _but(*names: str) -> frozenset[str]:
    return frozenset(names)


TABLES: Final[dict[str, Kept]] = {
    "customer": Kept((), ("id",)),
    "user_account": Kept(("id",), ("customer_id",), _but("password_hash", "epoch"), about_customers=False),
    "user_session": Kept(("user_id",), ("user_id.customer_id",), _but("token_hash", "epoch"), about_customers=False),
    "second_factor": Kept(
        ("user_id",),
        ("user_id.customer_id",),
        _but("sealed_secret", "pending_secret", "last_step"),
        about_customers=False,
    ),
    "oidc_identity": Kept(("user_id",), ("user_id.customer_id",), about_customers=False),
    "email_change": Kept(("user_id",), ("user_id.customer_id",), _but("token_hash"), about_customers=False),
    "password_reset": Kept(
        ("user_id",), ("user_id.customer_id",), _but("token_hash", "account_key"), about_customers=False
    ),
    "invitation": Kept(("user_id",), ("customer_id",), _but("token_hash"), about_customers=False),
    "notification_choice": Kept(("user_id",), ("user_id.customer_id",), about_customers=False),
    "ticket": Kept(
        ("requester_id",), ("customer_id",), _but("owner_id", "idempotency_key", "priority", "warned", "version")
    ),
    "ticket_copy": Kept(("user_id",), ("ticket_id.customer_id",)),
    "ticket_message": Kept(("ticket_id.requester_id",), ("ticket_id.customer_id",)),
    "attachment": Kept(("message_id.ticket_id.requester_id",), ("message_id.ticket_id.customer_id",)),
    "ticket_event": Kept(("ticket_id.requester_id",), ("ticket_id.customer_id",), _but("data")),
    "ticket_draft": Kept(("user_id",), ("user_id.customer_id",)),
    "ticket_draft_file": Kept(("draft_id.user_id",), ("draft_id.user_id.customer_id",)),
    "ticket_suggestion_opened": Kept(("user_id",), ("user_id.customer_id",), _but("form_key")),
    "subscription": Kept((), ("customer_id",)),
    "invoice": Kept((), ("customer_id",)),
    "invoice_line": Kept((), ("invoice_id.customer_id",), _but("reconciliation_row_id")),
    "ledger_entry": Kept((), ("invoice_id.customer_id",)),
    "dispute": Kept(("opened_by_id",), ("line_id.invoice_id.customer_id",)),
    "payment_proof": Kept(("sent_by_id",), ("invoice_id.customer_id",)),
    "payment_promise": Kept((), ("customer_id",)),
    "collections_hold": Kept((), ("customer_id",), _but("reason")),
    "policy_exception": Kept((), ("customer_id",), _but("reason")),
    "policy_acceptance": Kept(("user_id",), ("customer_id",)),
    "suspension_notice": Kept(("acknowledged_by_id",), ("customer_id",)),
    "notice_invoice": Kept((), ("notice_id.customer_id",)),
    "notice_view": Kept(("user_id",), ("user_id.customer_id",)),
    "suspension_case": Kept(
        ("reactivation_asked_by_id",), ("customer_id",), _but("explanation", "suspended_proof", "closing_words")
    ),
    "outbox_message": Kept(
        ("recipient_id",), ("recipient_id.customer_id",), _but("payload", "lease_owner", "last_error", "dedupe_key")
    ),
    "delivery": Kept(("message_id.recipient_id",), ("message_id.recipient_id.customer_id",)),
    "audit_entry": Kept(
        ("actor_id",), ("actor_id.customer_id",), _but("before", "after", "address", "request_id"),
        about_customers=False,
    ),
}  # fmt: skip

ONLY: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "ticket_message": ("kind", frozenset({MessageKind.PUBLIC.value})),
    "ticket_event": ("kind", frozenset(kind.value for kind in CUSTOMER_EVENTS)),
}
"""Rows that a customer may read; what hangs on other rows is left out with them."""

_ARTICLES: Final = "Articles are the house's own; who wrote them is work, not a matter of the person."
_SETTINGS: Final = "A setting of the house, with who changed it; the audit trail holds that deed."
_DESK: Final = "How the partner's people share their work."
_INTERNAL: Final = "Between the partner and 21Vianet, for the partner's people alone."

LEFT_OUT: Final[dict[str, str]] = {
    "article": _ARTICLES,
    "article_draft": _ARTICLES,
    "article_revision": _ARTICLES,
    "article_desk": _ARTICLES,
    "article_review": _ARTICLES,
    "article_plan": _ARTICLES,
    "article_task": _ARTICLES,
    "article_pattern": _ARTICLES,
    "agent_duty": _DESK,
    "agent_group_member": _DESK,
    "assignment_rule": _DESK,
    "ticket_macro": _DESK,
    "ticket_saved_view": _DESK,
    "ticket_link": _DESK,
    "ticket_presence": "Gone within minutes.",
    "markup_rule": _SETTINGS,
    "collections_policy": _SETTINGS,
    "policy_draft": _SETTINGS,
    "blocked_sender": _SETTINGS,
    "billing_import": "Files of all customers together; what they say of one is in its invoices.",
    "reconciliation_file": "Files of all customers together; what they say of one is in its invoices.",
    "escalation": _INTERNAL,
    "escalation_packet": _INTERNAL,
    "escalation_step": _INTERNAL,
    "contact_log_entry": _INTERNAL,
    "partner_center_order": _INTERNAL,
    "incoming_mail": "Belongs to a sender's address, not to an account: it is read by that address.",
    "recovery_code": "Nothing but digests of secrets.",
}
"""Tables that point to a person or an organisation and are not handed out, with the reason."""
