"""One row of a file, checked and exact, in the form in which it is stored."""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple


class Row(NamedTuple):
    """What a row says, under our names; amounts in minor units of `currency`, days as ISO text."""

    tenant_id: str
    order_id: str
    vnet_subscription_id: str
    portal_subscription_id: str
    offer_id: str
    offer_name: str
    charge_start: str
    charge_end: str
    charge_type: str
    unit_price: int
    """In millionths of the currency's unit."""
    quantity: int
    amount_minor: int
    discount_minor: int
    subtotal_minor: int
    tax_minor: int
    total_minor: int
    currency: str
    consumed: str | None = None
    included: str | None = None

    @property
    def content_key(self) -> bytes:
        """16 bytes that two rows share only when they say the same, however the file writes it.

        A usage row may be read before and after its customer is known: that makes no other row of it.
        """
        said = self if self.consumed is None else (*self[1:3], *self[4:])
        return hashlib.blake2b("\x1f".join(map(str, said)).encode(), digest_size=16).digest()

    @property
    def identity(self) -> int:
        """What is charged for which days, whatever it costs: 63 bits."""
        text = "\x1f".join((self[2], self[1], self[4], self[8], self[6], self[7]))
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


COLUMNS: Final = Row._fields
"""The names under which a row is stored."""
CENT: Final = 1
"""By how many minor units the file's own sums may differ from ours: it rounds each figure by itself."""
