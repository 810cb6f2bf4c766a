"""What the audit trail says of what is done to cases with 21Vianet."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

AUDIT_ACTIONS: Final[dict[str, LazyString]] = {
    "escalation.opened": _l("Opened a case for 21Vianet"),
    "escalation.prepared": _l("Made a case ready for 21Vianet"),
    "escalation.awaiting_approval": _l("Asked a lead to approve a case"),
    "escalation.revised": _l("Revised a case"),
    "escalation.sent_back": _l("Sent a case back to the agent"),
    "escalation.filed": _l("Put a case before 21Vianet"),
    "escalation.contact_logged": _l("Logged a contact with 21Vianet"),
    "escalation.information_requested": _l("21Vianet asked for information"),
    "escalation.answered": _l("Recorded 21Vianet’s answer"),
    "escalation.withdrawn": _l("Withdrew a case"),
    "escalation.closed": _l("Closed a case"),
    "escalation.credit_arrived": _l("A credit of 21Vianet arrived"),
    "escalation.credit_missing": _l("A credit of 21Vianet is missing"),
}
"""Each action that this slice writes, in words."""
