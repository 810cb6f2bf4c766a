"""What the audit trail says of what is done to snapshots and files."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

AUDIT_ACTIONS: Final[dict[str, LazyString]] = {
    "backup.created": _l("Made a snapshot"),
    "backup.drilled": _l("Proved that a snapshot can be restored"),
    "backup.restored": _l("Restored a snapshot"),
    "file.infected": _l("Found a virus in a file"),
}
"""Each action that this slice writes, in words."""
