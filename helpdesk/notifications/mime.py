"""The mail itself: headers that thread it, name its sender and stop auto-replies, and its two bodies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from helpdesk.notifications.rendering import Rendered

SEVEN_BIT: Final = SMTP.clone(cte_type="7bit")
"""Every mail server takes it, whatever it offers."""
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class UnsafeHeaderError(ValueError):
    """A line break or control character stands in what should be one header."""


@dataclass(frozen=True, slots=True)
class Thread:
    """Message-IDs (with their angle brackets) of the first and the previous mail of a group to the same person."""

    first: str | None = None
    previous: str | None = None

    @property
    def references(self) -> str:
        """Both, once each, oldest first."""
        return " ".join(dict.fromkeys(found for found in (self.first, self.previous) if found))


@dataclass(frozen=True, slots=True)
class Heads:
    """Who writes to whom, when, and under which Message-ID."""

    sender_name: str
    sender_address: str
    recipient_name: str
    recipient_address: str
    message_id: str
    locale: str
    at: datetime
    thread: Thread = Thread()
    reply_to: str = ""
    unsubscribe_url: str = ""
    answers_mail: bool = False
    """Whether it is the automatic answer to a mail (RFC 3834) rather than written of our own accord."""


def message_id(local_part: str, sender_address: str) -> str:
    """`<local@domain>`, in the domain of the sender."""
    return f"<{local_part}@{sender_address.rpartition('@')[2] or 'localhost'}>"


def compose(rendered: Rendered, heads: Heads) -> EmailMessage:
    """Put the mail together. Raises `UnsafeHeaderError` on a line break in any header."""
    mail = EmailMessage(policy=SEVEN_BIT)
    mail["From"] = _address(heads.sender_name, heads.sender_address)
    mail["To"] = _address(heads.recipient_name, heads.recipient_address)
    if heads.reply_to:
        mail["Reply-To"] = _address(heads.sender_name, heads.reply_to)
    mail["Subject"] = _safe(rendered.subject)
    mail["Date"] = heads.at
    mail["Message-ID"] = _safe(heads.message_id)
    if heads.thread.previous:
        mail["In-Reply-To"] = _safe(heads.thread.previous)
        mail["References"] = _safe(heads.thread.references)
    mail["Auto-Submitted"] = "auto-replied" if heads.answers_mail else "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if heads.unsubscribe_url:
        mail["List-Unsubscribe"] = f"<{_safe(heads.unsubscribe_url)}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(rendered.text, subtype="plain", charset="utf-8")
    mail.add_alternative(rendered.html, subtype="html", charset="utf-8")
    mail["Content-Language"] = _safe(heads.locale)
    return mail


def _address(name: str, address: str) -> Address:
    return Address(display_name=_safe(name), addr_spec=_safe(address))


def _safe(value: str) -> str:
    if _CONTROL.search(value):
        raise UnsafeHeaderError(repr(value[:80]))
    return value
