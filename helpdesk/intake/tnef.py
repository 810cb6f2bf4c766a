"""`winmail.dat`: the files and the text that Outlook packed into one part."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Final

from helpdesk.intake.charsets import decode

_SIGNATURE: Final = 0x223E9F78
_BODY: Final = 0x800C
_TITLE: Final = 0x8010
_DATA: Final = 0x800F
_RENDERING: Final = 0x9002
FILES_MAX: Final = 100


@dataclass(slots=True)
class Unpacked:
    """What was inside."""

    text: str = ""
    files: list[tuple[str, bytes]] = field(default_factory=list)


def is_tnef(content: bytes) -> bool:
    """Whether the bytes begin as such a packet does."""
    return len(content) > 6 and struct.unpack_from("<I", content)[0] == _SIGNATURE  # noqa: PLR2004 - its head


def unpack(content: bytes) -> Unpacked:
    """Take out what can be read; a packet that breaks off gives what came before."""
    found = Unpacked()
    name = ""
    at = 6
    while at + 9 <= len(content) and len(found.files) < FILES_MAX:
        _, attribute, length = struct.unpack_from("<BII", content, at)
        value = content[at + 9 : at + 9 + length]
        at += 9 + length + 2
        attribute &= 0xFFFF
        if attribute == _BODY:
            found.text = decode(value.rstrip(b"\x00"))
        if attribute == _RENDERING:
            name = ""
        if attribute == _TITLE:
            name = decode(value.rstrip(b"\x00"))
            found.files = [(title or name, data) for title, data in found.files]
        if attribute == _DATA:
            found.files.append((name, value))
    return found
