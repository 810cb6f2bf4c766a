"""The last part of an article's address, made from any name."""

from __future__ import annotations

import hashlib
import re
from typing import Final

_LONGEST: Final = 120
_KEPT: Final = 100
_OTHER: Final = re.compile(r"[^a-z0-9]+")


def slug_from(name: str) -> str:
    """A slug for `name`: small letters, digits and hyphens; what cannot be written so becomes a short hash."""
    slug = _OTHER.sub("-", name.strip().lower()).strip("-")
    if slug and len(slug) <= _LONGEST:
        return slug
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"{slug[:_KEPT].strip('-') or 'article'}-{digest}"
