"""Which tables hold data of a person or an organisation, how a row belongs to them, and what is not handed out.

A way is a chain of foreign keys, `message_id.ticket_id.requester_id`, that ends at a person or at an organisation. A
table's name in it leads to that table's rows that point here: `ticket_copy.user_id` is whoever is copied on a ticket.
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


def _taking_part(to_ticket: str = "") -> tuple[str, ...]:
    """Ways over a ticket to who asked and who is copied on it."""
    return f"{to_ticket}requester_id", f"{to_ticket}ticket_copy.user_id"


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
        _taking_part(),
        ("customer_id",),
        _but("owner_id", "idempotency_key", "priority", "warned", "version"),
    ),
    "ticket_copy": Kept(("user_id",), ("ticket_id.customer_id",)),
    "ticket_guest": Kept((), ("ticket_id.customer_id",), _but("link_hash", "visit_hash")),
    "ticket_field": Kept(
        _taking_part("ticket_field_value.ticket_id."),
        ("ticket_field_value.ticket_id.customer_id",),
        _but("required", "position"),
    ),
    "ticket_field_value": Kept(_taking_part("ticket_id."), ("ticket_id.customer_id",)),
    "ticket_invoice_line": Kept(_taking_part("ticket_id."), ("ticket_id.customer_id",)),
    "ticket_message": Kept(("author_id", *_taking_part("ticket_id.")), ("ticket_id.customer_id",)),
    "attachment": Kept(
        ("message_id.author_id", *_taking_part("message_id.ticket_id.")), ("message_id.ticket_id.customer_id",)
    ),
    "ticket_event": Kept(("actor_id", *_taking_part("ticket_id.")), ("ticket_id.customer_id",), _but("data")),
    "ticket_draft": Kept(("user_id",), ("user_id.customer_id",)),
    "ticket_draft_file": Kept(("draft_id.user_id",), ("draft_id.user_id.customer_id",)),
    "ticket_suggestion_opened": Kept(("user_id",), ("user_id.customer_id",), _but("form_key")),
    "subscription": Kept((), ("customer_id",)),
    "invoice": Kept((), ("customer_id",)),
    "invoice_line": Kept((), ("invoice_id.customer_id",), _but("reconciliation_row_id")),
    "invoice_line_charge": Kept((), ("line_id.invoice_id.customer_id",), _but("row_id")),
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

ONLY: Final[dict[str, tuple[str, frozenset[str | bool]]]] = {
    "ticket_message": ("kind", frozenset({MessageKind.PUBLIC.value})),
    "ticket_event": ("kind", frozenset(kind.value for kind in CUSTOMER_EVENTS)),
    "ticket_field": ("for_customer", frozenset({True})),
    "ticket_field_value": ("field_id.for_customer", frozenset({True})),
}
"""Rows that a customer may read, by the end of a way; what hangs on other rows is left out with them."""

_ARTICLES: Final = "Articles are the house's own; who wrote them is work, not a matter of the person."
_SETTINGS: Final = "A setting of the house, with who changed it; the audit trail holds that deed."
_DESK: Final = "How the partner's people share their work."
_INTERNAL: Final = "Between the partner and 21Vianet, for the partner's people alone."
_FILES: Final = "Files of all customers together; what they say of one is in its invoices."
_READERS: Final = "Belongs to a reader's key, not to an account: it is read by that key."

LEFT_OUT: Final[dict[str, str]] = {
    "article": _ARTICLES,
    "article_draft": _ARTICLES,
    "article_revision": _ARTICLES,
    "article_translation": _ARTICLES,
    "article_image": _ARTICLES,
    "article_redirect": _ARTICLES,
    "article_desk": _ARTICLES,
    "article_review": _ARTICLES,
    "article_plan": _ARTICLES,
    "article_task": _ARTICLES,
    "article_pattern": _ARTICLES,
    "article_reads": "A number a day, without who read.",
    "article_feedback": _READERS,
    "agent_duty": _DESK,
    "agent_group_member": _DESK,
    "assignment_rule": _DESK,
    "ticket_macro": _DESK,
    "ticket_saved_view": _DESK,
    "ticket_link": _DESK,
    "ticket_tag": _DESK,
    "ticket_presence": "Gone within minutes.",
    "markup_rule": _SETTINGS,
    "blocked_sender": _SETTINGS,
    "collections_policy": _SETTINGS,
    "policy_draft": _SETTINGS,
    "policy_stage": _SETTINGS,
    "policy_text": _SETTINGS,
    "billing_import": _FILES,
    "reconciliation_file": _FILES,
    "reconciliation_row": "What 21Vianet charges the partner; what the customer is charged is in its invoices.",
    "vnet_invoice": "What the partner itself is billed; it names no customer.",
    "escalation": _INTERNAL,
    "escalation_attachment": _INTERNAL,
    "escalation_line": _INTERNAL,
    "escalation_note": _INTERNAL,
    "escalation_packet": _INTERNAL,
    "escalation_step": _INTERNAL,
    "contact_file": _INTERNAL,
    "contact_log_entry": _INTERNAL,
    "partner_center_order": _INTERNAL,
    "incoming_mail": "Belongs to a sender's address, not to an account: it is read by that address.",
    "recovery_code": "Nothing but digests of secrets.",
    "sign_in_attempt": "Counted under digests, to slow guessing down; gone within weeks.",
}
"""Tables that lead to a person or an organisation and are not handed out, with the reason."""

ACTING: Final = frozenset({
    "approved_by_id", "by_id", "closed_by_id", "created_by_id", "decided_by_id", "handled_by_id", "invited_by_id",
    "owner_id", "proposed_by_id", "recorded_by_id", "released_by_id", "suspended_by_id",
})  # fmt: skip
"""Columns that say who did something to a row: the row is not about them, and the audit trail has the deed."""
