"""Words of uploaded files, proofs of payment and the reconcile page."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from helpdesk.billing.models import ImportKind, ImportState, ProofState
from helpdesk.billing.rules.reconcile import Standing

IMPORT_KINDS: Final = {
    ImportKind.LICENSE: _l("License-based reconciliation file of 21Vianet"),
    ImportKind.USAGE: _l("Usage-based reconciliation file of 21Vianet"),
    ImportKind.INVOICES: _l("Our own invoices to customers"),
}
IMPORT_STATES: Final = {
    ImportState.RECEIVED: _l("Being checked"),
    ImportState.CHECKED: _l("Checked, waiting for you"),
    ImportState.WANTED: _l("Being imported"),
    ImportState.DONE: _l("Imported"),
    ImportState.REFUSED: _l("Refused"),
    ImportState.DROPPED: _l("Left out"),
}
IMPORT_TONES: Final = {
    ImportState.RECEIVED: "info",
    ImportState.CHECKED: "warn",
    ImportState.WANTED: "info",
    ImportState.DONE: "good",
    ImportState.REFUSED: "bad",
    ImportState.DROPPED: "neutral",
}
PROOF_STATES: Final = {
    ProofState.WAITING: _l("Waiting for us"),
    ProofState.ACCEPTED: _l("Accepted"),
    ProofState.DECLINED: _l("Declined"),
}
PROOF_TONES: Final = {ProofState.WAITING: "warn", ProofState.ACCEPTED: "good", ProofState.DECLINED: "neutral"}
DOCUMENT_TYPES: Final = {
    "invoice": _l("Invoice"),
    "credit_note": _l("Credit note"),
    "adjustment_note": _l("Adjustment note"),
    "void_note": _l("Void note"),
}
"""Documents of 21Vianet to the partner, as Partner Center names them."""
STANDINGS: Final = {
    Standing.BILLED: _l("Billed"),
    Standing.MISSING: _l("Missing: charged to us, not billed"),
    Standing.PARTLY: _l("Partly missing: some charges are not billed"),
    Standing.EXTRA: _l("Extra: billed, not charged to us"),
}
STANDING_TONES: Final = {
    Standing.BILLED: "good",
    Standing.MISSING: "bad",
    Standing.PARTLY: "warn",
    Standing.EXTRA: "warn",
}
