"""The address that a mail about a ticket is answered to: signed, for one ticket and one person or guest."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_LOCAL_PART: Final = re.compile(r"reply\+([0-9]{1,12})-(g?)([0-9]{1,12})-([a-z2-7]{26})", re.IGNORECASE)
_SIGNATURE_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class ReplyToken:
    """What a reply address says, and whether we signed it."""

    ticket_id: int
    user_id: int | None
    """For whom it was signed; None where that is a guest."""
    is_ours: bool
    guest_id: int | None = None


def reply_address(*, ticket_id: int, user_id: int, domain: str, secret: str) -> str:
    """`reply+<ticket>-<person>-<signature>@domain`; survives a mail system that changes the case."""
    return _address(ticket_id, str(user_id), domain, secret)


def guest_reply_address(*, ticket_id: int, guest_id: int, domain: str, secret: str) -> str:
    """The same for a guest of the ticket, whose number is none of a person's: `reply+<ticket>-g<guest>-<signature>`."""
    return _address(ticket_id, f"g{guest_id}", domain, secret)


def _address(ticket_id: int, who: str, domain: str, secret: str) -> str:
    return f"reply+{ticket_id}-{who}-{_signature(ticket_id, who, secret)}@{domain}"


def read_reply_address(address: str, *, domain: str, secrets: Sequence[str]) -> ReplyToken | None:
    """The token in an address of ours, signed by any of our keys, or None where there is none; a forged one says so."""
    local_part, _, host = address.strip().rpartition("@")
    found = _LOCAL_PART.fullmatch(local_part)
    if found is None or not domain or host.lower() != domain.lower():
        return None
    ticket_id, number = int(found[1]), int(found[3])
    who, given = f"{found[2].lower()}{number}", found[4].lower()
    genuine = any(hmac.compare_digest(_signature(ticket_id, who, secret), given) for secret in secrets)
    if found[2]:
        return ReplyToken(ticket_id, None, genuine, guest_id=number)
    return ReplyToken(ticket_id, number, genuine)


def _signature(ticket_id: int, who: str, secret: str) -> str:
    key = hashlib.sha256(f"reply address:{secret}".encode()).digest()
    digest = hmac.new(key, f"{ticket_id}:{who}".encode(), hashlib.sha256).digest()
    return b32encode(digest[:_SIGNATURE_BYTES]).decode().rstrip("=").lower()
