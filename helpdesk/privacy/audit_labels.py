"""What the audit trail says of what is done to personal data."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

AUDIT_ACTIONS: Final[dict[str, LazyString]] = {
    "privacy.exported": _l("Handed out personal data"),
    "privacy.retention": _l("Threw away data that was over its time"),
}
"""Each action that this slice writes, in words."""
