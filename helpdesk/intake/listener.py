"""Taking mail from a mail server on this machine, by LMTP or SMTP. It listens on the loopback address alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP
from aiosmtpd.smtp import Envelope as SmtpEnvelope
from aiosmtpd.smtp import Session as SmtpSession
from flask import Flask

from helpdesk.intake.ingest import ingest
from helpdesk.intake.parsing import MAIL_MAX
from helpdesk.intake.services import Envelope

log = structlog.get_logger(__name__)
_TAKEN: Final = "250 2.0.0 Taken"
_LATER: Final = "451 4.3.0 Cannot be kept just now, try again later"

Ingest = Callable[[bytes, Envelope], object]


class ListenUrlError(ValueError):
    """`HELPDESK_MAIL_LISTEN` cannot be used."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen and what to speak."""

    scheme: str
    host: str
    port: int


def parse_listen_url(url: str) -> Place:
    """Read `lmtp://127.0.0.1:8024` or `smtp://...`. Raises `ListenUrlError`, also for an address others can reach."""
    parts = urlsplit(url)
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
    try:
        local = ip_address(host).is_loopback
        port = parts.port
    except ValueError:
        local, port = False, None
    if parts.scheme not in {"lmtp", "smtp"} or not local or not port:
        raise ListenUrlError("HELPDESK_MAIL_LISTEN must look like lmtp://127.0.0.1:8024 and stay on this machine")
    return Place(parts.scheme, host, port)


class _Handler:
    """Gives each mail to the one path, in a thread, and answers only when it is kept."""

    def __init__(self, take: Ingest, *, per_recipient: bool) -> None:
        self._take = take
        self._per_recipient = per_recipient

    async def handle_DATA(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: SmtpSession, envelope: SmtpEnvelope
    ) -> str:
        """Take the mail; LMTP wants one answer for each recipient."""
        raw = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        source = "lmtp" if self._per_recipient else "smtp"
        arrived = Envelope(source, _bare(envelope.mail_from), tuple(envelope.rcpt_tos)[:100])
        try:
            await asyncio.get_running_loop().run_in_executor(None, self._take, raw, arrived)
            answer = _TAKEN
        except Exception:
            log.exception("mail_not_taken", size=len(raw))
            answer = _LATER
        return "\r\n".join([answer] * (len(envelope.rcpt_tos) if self._per_recipient else 1))


def _bare(address: str | None) -> str:
    return "" if address in {None, "", "<>"} else str(address)


class _Smtp(SMTP):
    """SMTP that takes lines of any length: mail programs write longer ones than RFC 5321 allows, whole HTML in one."""

    line_length_limit = MAIL_MAX


class _Lmtp(LMTP):
    """LMTP that takes them too."""

    line_length_limit = MAIL_MAX


class Listener(Controller):
    """Listens in a thread of its own until `stop`."""

    def __init__(self, place: Place, take: Ingest) -> None:
        """Listen at `place` and give every mail to `take`."""
        self._speaks_lmtp = place.scheme == "lmtp"
        handler = _Handler(take, per_recipient=self._speaks_lmtp)
        super().__init__(handler, hostname=place.host, port=place.port)

    def factory(self) -> Any:  # noqa: ANN401 - the library's type
        """Make the protocol of one connection."""
        kind = _Lmtp if self._speaks_lmtp else _Smtp
        return kind(self.handler, data_size_limit=MAIL_MAX, enable_SMTPUTF8=True, ident="helpdesk")


def listen(app: Flask, place: Place) -> Listener:
    """Begin to listen; mail goes the way of every mail. Raises `OSError` where somebody else listens there."""
    listener = Listener(place, lambda raw, envelope: ingest(app, raw, envelope=envelope))
    try:
        listener.start()
    except OSError:
        listener.loop.close()
        raise
    return listener
