"""One exchange with the hosts that are configured, and with no other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import urlsplit

from helpdesk.outgoing import SECONDS, AddressDenied, Answer, Outgoing, OutgoingError
from helpdesk.partner_center.errors import ForeignLink

__all__ = ["Answer", "LineDown", "Wire", "origin_of", "seconds_to_wait"]
LineDown: Final = OutgoingError
"""No answer came, so the outcome is not known."""


class Wire:
    """Sends to the configured origins only; anything else raises `ForeignLink`."""

    def __init__(
        self, origins: Collection[str], *, seconds: float = SECONDS, loopback: bool = False, trust: str = ""
    ) -> None:
        """`origins` are like `https://host`; `loopback` and `trust` let tests speak to this machine."""
        self._origins = {origin_of(origin) for origin in origins}
        self._outgoing = Outgoing(loopback=loopback, seconds=seconds, trust=trust)

    def send(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """The answer, whatever its status. Raises `LineDown`, `ForeignLink`."""
        if origin_of(url) not in self._origins:
            raise ForeignLink
        try:
            return self._outgoing.send(method, url, headers=headers, body=body)
        except AddressDenied as denied:
            raise ForeignLink from denied


def origin_of(url: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def seconds_to_wait(answer: Answer) -> float:
    """How long the other side asks us to wait; a minute when it does not say."""
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isdecimal() else 60.0
