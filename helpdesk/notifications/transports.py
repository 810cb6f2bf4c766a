"""Ways for a mail to leave the house: a folder, a mail server, a list in memory."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from helpdesk.config import Settings


class UnreachableError(Exception):
    """Nothing can be sent at all just now; the message itself is not to blame."""


class RefusedError(Exception):
    """This one message was not taken."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        """Keep why, and whether trying again is pointless."""
        super().__init__(reason)
        self.permanent = permanent


class Transport(Protocol):
    """Takes one mail after another; `close` ends a batch."""

    def send(self, mail: EmailMessage) -> None:
        """Hand the mail over; it returns when the other side has taken it. Raises the errors above."""

    def close(self) -> None:
        """Let go of what the batch held open."""


@dataclass(slots=True)
class FolderTransport:
    """Writes each mail as one `.eml` file; the same mail again changes nothing."""

    folder: Path

    def send(self, mail: EmailMessage) -> None:
        """Write the file whole or not at all."""
        target = self.folder / self._name(mail)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                _write_whole(target, mail.as_bytes())
        except OSError as error:
            raise UnreachableError(f"{self.folder}: {error.strerror}") from error

    def close(self) -> None:
        """Hold nothing."""

    @staticmethod
    def _name(mail: EmailMessage) -> str:
        """By time, then by Message-ID: a mail that is tried again gets the same name."""
        local_part = str(mail["Message-ID"]).strip("<>").split("@", maxsplit=1)[0]
        return f"{mail['Date'].datetime:%Y%m%d-%H%M%S}-{local_part}.eml"


def _write_whole(target: Path, content: bytes) -> None:
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


@dataclass(slots=True)
class MemoryTransport:
    """Keeps the mails in a list: the twin for tests. `before` may raise what a real server would."""

    sent: list[EmailMessage] = field(default_factory=list)
    before: Callable[[EmailMessage], None] | None = None
    closed: int = 0

    def send(self, mail: EmailMessage) -> None:
        """Remember the mail."""
        if self.before is not None:
            self.before(mail)
        self.sent.append(mail)

    def close(self) -> None:
        """Count the batches."""
        self.closed += 1


def transport_for(settings: Settings) -> Transport:
    """The transport that the settings name: a mail server by `HELPDESK_MAIL_URL`, else the folder `var/mail`."""
    if not settings.mail_url:
        return FolderTransport(settings.var / "mail")
    from helpdesk.notifications.smtp import SmtpTransport, parse_mail_url

    return SmtpTransport(parse_mail_url(settings.mail_url))
