"""One HTTP exchange: no redirects, a time limit, a size limit, only to hosts that are configured."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import IO, Final

from helpdesk.partner_center.errors import ForeignLink

SECONDS: Final = 30
BYTES_MAX: Final = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers in lower case, and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class LineDown(Exception):
    """No answer came, so the outcome is not known."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other, and none that we take."""

    def redirect_request(  # noqa: PLR0917 - as the base class has it
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Follow nothing."""


class Wire:
    """Sends to the configured origins only; anything else raises `ForeignLink`."""

    def __init__(self, origins: Collection[str], *, seconds: float = SECONDS) -> None:
        """`origins` are like `https://host`; plain http is for the loopback of tests."""
        self._origins = {origin_of(origin) for origin in origins}
        self._seconds = seconds
        proxies = urllib.request.ProxyHandler({})
        self._opener = urllib.request.build_opener(proxies, _NoRedirects())

    def send(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """The answer, whatever its status. Raises `LineDown`, `ForeignLink`."""
        if origin_of(url) not in self._origins:
            raise ForeignLink
        request = urllib.request.Request(url, data=body, headers=dict(headers), method=method)  # noqa: S310 - checked above
        try:
            with self._opener.open(request, timeout=self._seconds) as response:
                return _answer(response.status, response.headers, response.read(BYTES_MAX))
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error.code, error.headers, error.read(BYTES_MAX))
        except (OSError, http.client.HTTPException) as error:
            raise LineDown(str(error)) from error


def origin_of(url: str) -> str:
    """Scheme, host and port."""
    parts = urllib.parse.urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _answer(status: int, headers: Message, body: bytes) -> Answer:
    return Answer(status, {name.lower(): value for name, value in headers.items()}, body)
