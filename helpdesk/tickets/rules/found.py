"""Under which kinds and for whom tickets stand in the search."""

from __future__ import annotations

from typing import Final

STAFF_KIND: Final = "ticket"
"""Kind of the documents that agents search."""
PORTAL_KIND: Final = "ticket_portal"
"""Kind of those that customers search; they hold no internal note."""
STAFF_AUDIENCE: Final = "staff"


def audience_of(customer_id: int) -> str:
    """The audience of one customer's people."""
    return f"customer:{customer_id}"
