"""Fetching mail from a mailbox: each unseen mail once, marked as seen after it is kept."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import structlog

from helpdesk.intake.parsing import MAIL_MAX
from helpdesk.intake.services import Envelope

log = structlog.get_logger(__name__)
TIMEOUT_SECONDS: Final = 30
BATCH: Final = 50
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_SAFE_FOLDER: Final = re.compile(r"[ -!#-\[\]-~]{1,200}")
"""Printable ASCII; a folder with another name is written as the server lists it, in modified UTF-7."""

Take = Callable[[bytes, Envelope], object]


class ImapUrlError(ValueError):
    """`HELPDESK_MAIL_IMAP_URL` cannot be used."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where the mail lies."""

    host: str
    port: int
    encrypted: bool
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"


def parse_imap_url(url: str) -> Mailbox:
    """Read `imaps://user:password@host/INBOX`; `imap://` (plain) only for this machine. Raises `ImapUrlError`."""
    parts = urlsplit(url)
    plain = parts.scheme == "imap" and parts.hostname in _LOCAL
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if not (parts.scheme == "imaps" or plain) or not parts.hostname or not _SAFE_FOLDER.fullmatch(folder):
        raise ImapUrlError("HELPDESK_MAIL_IMAP_URL must look like imaps://user:password@host/INBOX")
    return Mailbox(
        host=parts.hostname,
        port=parts.port or (143 if plain else 993),
        encrypted=not plain,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=folder,
    )


def fetch_new(mailbox: Mailbox, take: Take, *, limit: int = BATCH) -> int:
    """Take at most `limit` unseen mails; returns how many were kept.

    Killed between keeping a mail and marking it, it is fetched again and recognised. A mail that cannot be taken
    stays unseen and does not stop the others. Raises `OSError`, `imaplib.IMAP4.error` when the server cannot be used.
    """
    connection = _connect(mailbox)
    try:
        connection.login(mailbox.user, mailbox.password)
        _checked(connection.select(f'"{mailbox.folder}"'))
        found = _checked(connection.uid("SEARCH", "UNSEEN"))
        uids = (found[0] or b"").split()[:limit]
        return sum(_take_one(connection, uid.decode("ascii"), take) for uid in uids)
    finally:
        _leave(connection)


def _connect(mailbox: Mailbox) -> imaplib.IMAP4:
    if not mailbox.encrypted:
        return imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT_SECONDS)
    context = ssl.create_default_context()
    return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=TIMEOUT_SECONDS)


def _take_one(connection: imaplib.IMAP4, uid: str, take: Take) -> bool:
    answer = _checked(connection.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MAIL_MAX + 1}>)"))
    raw = next((row[1] for row in answer if isinstance(row, tuple)), None)
    if raw is None:
        return False
    try:
        take(raw, Envelope("imap"))
    except Exception:
        log.exception("mail_not_taken", uid=uid)
        return False
    _checked(connection.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
    return True


def _checked(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"the server answered {status}")
    return data


def _leave(connection: imaplib.IMAP4) -> None:
    try:
        connection.logout()
    except (OSError, imaplib.IMAP4.error):
        connection.shutdown()
