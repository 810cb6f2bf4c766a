"""What the audit trail says of what is done to what is read from Partner Center."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

AUDIT_ACTIONS: Final[dict[str, LazyString]] = {
    "subscription.read": _l("Read a subscription from Partner Center"),
    "payable.read": _l("Read an invoice of 21Vianet from Partner Center"),
}
"""Each action that this slice writes, in words."""
