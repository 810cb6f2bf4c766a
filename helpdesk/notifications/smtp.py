"""Mail through a mail server, encrypted wherever it leaves this machine."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum
from ipaddress import ip_address
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from helpdesk.notifications.transports import RefusedError, UnreachableError

TIMEOUT_SECONDS: Final = 20
_PERMANENT: Final = 500
_TOO_LARGE: Final = 552
_CLOSING: Final = 421
_PORTS: Final = {"smtp": 587, "smtps": 465}


class Encryption(StrEnum):
    """How the connection is protected."""

    FROM_START = "from_start"
    REQUIRED = "required"
    OFFERED = "offered"
    OFF = "off"


class MailUrlError(ValueError):
    """`HELPDESK_MAIL_URL` cannot be understood."""


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and how to talk to it."""

    host: str
    port: int
    encryption: Encryption
    user: str = ""
    password: str = field(default="", repr=False)


def parse_mail_url(url: str) -> Server:
    """Read `smtp://user:password@host:port` (STARTTLS) or `smtps://...` (TLS from the start).

    STARTTLS is required except on this machine, where it is used if offered; `?tls=required|offered|off` decides
    otherwise. Raises `MailUrlError`.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise MailUrlError("HELPDESK_MAIL_URL must look like smtp://user:password@host:587 or smtps://...")
    return Server(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        encryption=_encryption(parts.scheme, parts.hostname, parse_qs(parts.query).get("tls", [""])[0]),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _encryption(scheme: str, host: str, wish: str) -> Encryption:
    if scheme == "smtps":
        return Encryption.FROM_START
    if not wish:
        return Encryption.OFFERED if _is_this_machine(host) else Encryption.REQUIRED
    if wish not in {Encryption.REQUIRED, Encryption.OFFERED, Encryption.OFF}:
        raise MailUrlError("tls in HELPDESK_MAIL_URL must be required, offered or off")
    return Encryption(wish)


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(slots=True)
class SmtpTransport:
    """Sends over one connection a batch."""

    server: Server
    _connection: smtplib.SMTP | None = field(default=None, init=False, repr=False)

    def send(self, mail: EmailMessage) -> None:
        """Send one mail; it returns when the server has answered 250 to all of it.

        A server that does not take our own address as sender takes no mail of ours: that is `UnreachableError`, so
        no mail is lost to a setting.
        """
        connection = self._live_connection()
        try:
            connection.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code == _TOO_LARGE:
                raise _refusal(error.smtp_code, error.smtp_error) from error
            self.close()
            raise UnreachableError(_words(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise RefusedError(f"{type(error).__name__}: {error}", permanent=False) from error

    def close(self) -> None:
        """Say goodbye to the server, if it still listens."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()

    def _live_connection(self) -> smtplib.SMTP:
        if self._connection is not None and _still_listens(self._connection):
            return self._connection
        self.close()
        try:
            self._connection = _connect(self.server)
        except (smtplib.SMTPException, OSError) as error:
            raise UnreachableError(f"{self.server.host}:{self.server.port}: {error}") from error
        return self._connection


def _connect(server: Server) -> smtplib.SMTP:
    """Open, encrypt and sign in; nothing stays open when one of these fails."""
    context = ssl.create_default_context()
    if server.encryption is Encryption.FROM_START:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        _protect(connection, server, context)
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _protect(connection: smtplib.SMTP, server: Server, context: ssl.SSLContext) -> None:
    if server.encryption in {Encryption.FROM_START, Encryption.OFF}:
        return
    connection.ehlo_or_helo_if_needed()
    if server.encryption is Encryption.REQUIRED or connection.has_extn("starttls"):
        connection.starttls(context=context)


def _still_listens(connection: smtplib.SMTP) -> bool:
    try:
        return connection.noop()[0] == 250  # noqa: PLR2004 - SMTP's "fine"
    except (smtplib.SMTPException, OSError):
        return False


def _refusal(code: int, reason: bytes | str) -> RefusedError | UnreachableError:
    """What the answer means: this mail was not taken, or (421) the server takes none for a while."""
    if code == _CLOSING:
        return UnreachableError(_words(code, reason))
    return RefusedError(_words(code, reason), permanent=code >= _PERMANENT)


def _words(code: int, reason: bytes | str) -> str:
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    return f"{code} {' '.join(text.split())}"[:500]
