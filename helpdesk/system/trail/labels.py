"""Words for the first part of a deed's name."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

AREAS: Final[dict[str, LazyString]] = {
    "user": _l("Accounts and sign-ins"),
    "customer": _l("Customers’ data looked at"),
    "export": _l("Exports"),
    "privacy": _l("Answers about personal data"),
    "retention": _l("Data thrown away"),
    "policy": _l("Collections policy"),
    "notice": _l("Notices"),
    "suspension": _l("Suspension cases"),
    "collections": _l("Holds, promises and exceptions"),
    "subscription": _l("Subscriptions"),
    "ticket": _l("Tickets"),
    "escalation": _l("Escalations"),
    "mail": _l("Mail received"),
    "file": _l("Files checked for viruses"),
    "invoice": _l("Invoices"),
    "payment": _l("Payments"),
    "payment_proof": _l("Proofs of payment"),
    "dispute": _l("Disputes"),
    "billing_import": _l("Imports"),
    "reconciliation": _l("Reconciliation files"),
    "markup": _l("Prices"),
    "payable": _l("What the partner owes"),
    "article": _l("Articles"),
    "category": _l("Categories"),
    "desk": _l("Running the desk"),
    "calendar": _l("Calendars"),
    "backup": _l("Snapshots and drills"),
}
