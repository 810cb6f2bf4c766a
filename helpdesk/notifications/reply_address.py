"""The address that a mail about a ticket is answered to: signed, for one ticket and one person."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_LOCAL_PART: Final = re.compile(r"reply\+([0-9]{1,12})-([0-9]{1,12})-([a-z2-7]{26})", re.IGNORECASE)
_SIGNATURE_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class ReplyToken:
    """What a reply address says, and whether we signed it."""

    ticket_id: int
    user_id: int
    is_ours: bool


def reply_address(*, ticket_id: int, user_id: int, domain: str, secret: str) -> str:
    """`reply+<ticket>-<person>-<signature>@domain`; survives a mail system that changes the case."""
    return f"reply+{ticket_id}-{user_id}-{_signature(ticket_id, user_id, secret)}@{domain}"


def read_reply_address(address: str, *, domain: str, secrets: Sequence[str]) -> ReplyToken | None:
    """The token in an address of ours, signed by any of our keys, or None where there is none; a forged one says so."""
    local_part, _, host = address.strip().rpartition("@")
    found = _LOCAL_PART.fullmatch(local_part)
    if found is None or not domain or host.lower() != domain.lower():
        return None
    ticket_id, user_id = int(found[1]), int(found[2])
    given = found[3].lower()
    genuine = any(hmac.compare_digest(_signature(ticket_id, user_id, secret), given) for secret in secrets)
    return ReplyToken(ticket_id, user_id, genuine)


def _signature(ticket_id: int, user_id: int, secret: str) -> str:
    key = hashlib.sha256(f"reply address:{secret}".encode()).digest()
    digest = hmac.new(key, f"{ticket_id}:{user_id}".encode(), hashlib.sha256).digest()
    return b32encode(digest[:_SIGNATURE_BYTES]).decode().rstrip("=").lower()
