"""Any bytes to one `Mail`: who, to whom, which thread, which words, which files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from helpdesk.intake.headers import Headers, addresses_in
from helpdesk.intake.parts import Cut, Part, cut
from helpdesk.intake.texts import words_of
from helpdesk.intake.tnef import is_tnef, unpack

MAIL_MAX: Final = 64 * 1024 * 1024
"""Bytes of a mail whose parts are read; of a larger one only the beginning is."""
TEXT_MAX: Final = 200_000
FILES_MAX: Final = 100
_IDENTIFIER: Final = re.compile(r"<[^<>\s]{3,250}>")
_REPORTS: Final = ("message/delivery-status", "message/global-delivery-status")
_RETURNED: Final = ("message/rfc822", "text/rfc822-headers", "message/global", "message/rfc822-headers")


@dataclass(frozen=True, slots=True)
class File:
    """A file that came with a mail."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says; everything in it is somebody's claim."""

    headers: Headers
    senders: tuple[str, ...]
    """Addresses of `From`, lower case; more than one is suspect."""
    sender_name: str
    recipients: tuple[str, ...]
    subject: str
    message_id: str
    """With its angle brackets, or nothing."""
    references: tuple[str, ...]
    """Message-IDs that it answers, nearest first."""
    text: str
    files: tuple[File, ...]
    reports: tuple[str, ...]
    """Delivery reports in it, each as text."""
    returned: str
    """The head of the mail that came back, in a delivery report."""
    incomplete: bool
    """Whether parts were left out because there were too many or it was too large."""

    @property
    def sender(self) -> str:
        """The one address that it claims to be from, or nothing."""
        return self.senders[0] if len(self.senders) == 1 else ""


def parse(raw: bytes) -> Mail:
    """Read a mail. Nothing is raised, whatever the bytes."""
    too_large = len(raw) > MAIL_MAX
    pieces = cut(raw[:MAIL_MAX])
    headers = pieces.headers
    packed = [
        unpack(content)
        for content in (part.content() for part in pieces.parts if _may_be_tnef(part))
        if is_tnef(content)
    ]
    files = [*_files(pieces), *(File(name or "file", data) for each in packed for name, data in each.files)]
    text = _text(pieces) or "\n\n".join(each.text for each in packed if each.text)
    return Mail(
        headers=headers,
        senders=tuple(addresses_in(headers.all("from"))),
        sender_name=headers.text("from").split("<")[0].strip(' "')[:120],
        recipients=_recipients(headers),
        subject=headers.text("subject")[:500],
        message_id=next(iter(identifiers(headers.raw("message-id").decode("utf-8", "replace"))), "")[:250],
        references=_references(headers),
        text=text[:TEXT_MAX],
        files=tuple(files[:FILES_MAX]),
        reports=tuple(_report_text(part) for part in pieces.parts if part.kind in _REPORTS),
        returned=next((_report_text(part) for part in pieces.parts if part.kind in _RETURNED), ""),
        incomplete=pieces.incomplete or too_large,
    )


def identifiers(text: str) -> list[str]:
    """Message-IDs in a text, in order."""
    return _IDENTIFIER.findall(text[:20_000])


def _references(headers: Headers) -> tuple[str, ...]:
    answered = identifiers(headers.raw("in-reply-to").decode("utf-8", "replace"))
    older = identifiers(headers.raw("references").decode("utf-8", "replace"))
    return tuple(dict.fromkeys([*answered, *reversed(older)]))[:100]


def _recipients(headers: Headers) -> tuple[str, ...]:
    names = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
    return tuple(addresses_in([value for name in names for value in headers.all(name)[:20]]))[:200]


def _report_text(part: Part) -> str:
    return part.content()[:20_000].decode("utf-8", "replace")


def _text(pieces: Cut) -> str:
    """Plain text where there is some; else the HTML, read."""
    readable = [part for part in pieces.parts if part.kind in {"text/plain", "text/html"} and not part.is_attached]
    plain = [part for part in readable if part.kind == "text/plain"]
    chosen = [words for words in map(words_of, plain[:20]) if words]
    if not chosen:
        chosen = [
            words for words in map(words_of, [part for part in readable if part.kind == "text/html"][:5]) if words
        ]
    return "\n\n".join(chosen)


def _may_be_tnef(part: Part) -> bool:
    return part.kind in {"application/ms-tnef", "application/vnd.ms-tnef"} or part.filename.lower() == "winmail.dat"


def _files(pieces: Cut) -> list[File]:
    found: list[File] = []
    for number, part in enumerate(pieces.parts, start=1):
        if _may_be_tnef(part) or part.kind in _REPORTS or len(found) >= FILES_MAX:
            continue
        if part.kind in {"text/plain", "text/html"} and not part.is_attached:
            continue
        if part.kind == "text/html" and "multipart/alternative" in part.inside and not part.filename:
            continue
        found.append(File(part.filename or _invented(part, number), part.content()))
    return found


def _invented(part: Part, number: int) -> str:
    endings = {
        "message/rfc822": "eml",
        "image/png": "png",
        "image/jpeg": "jpg",
        "application/pdf": "pdf",
        "text/csv": "csv",
    }
    return f"part-{number}.{endings.get(part.kind, 'bin')}"
