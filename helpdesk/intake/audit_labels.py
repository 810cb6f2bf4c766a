"""What the audit trail says of what is done to mail received."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

AUDIT_ACTIONS: Final[dict[str, LazyString]] = {
    "mail.opened": _l("A mail opened a ticket"),
    "mail.joined": _l("A mail joined a ticket"),
    "mail.accepted_by_hand": _l("Made a ticket of a waiting mail"),
    "mail.joined_by_hand": _l("Put a waiting mail into a ticket"),
    "mail.blocked": _l("Blocked a sender"),
    "mail.unblocked": _l("Unblocked a sender"),
    "mail.bounced": _l("A mail could not be delivered"),
}
"""Each action that this slice writes, in words."""
