"""The header block of a mail or of one of its parts, read from bytes without trusting any of them."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Final

from helpdesk.intake.charsets import decode

BLOCK_MAX: Final = 256 * 1024
"""Bytes of a header block that are looked at."""
LINES_MAX: Final = 1000
VALUE_MAX: Final = 4000
"""Bytes of one value that are looked at; References may be longer than any other."""
_WORD: Final = re.compile(rb"=\?([A-Za-z0-9_.:*+\-]{1,40})\?([bBqQ])\?([^?\r\n]{0,2000})\?=")
_NAME: Final = re.compile(rb"[!-9;-~]{1,80}")
_ADDRESS: Final = re.compile(r"[^\s<>()\[\],;:\"\\@]{1,64}@[A-Za-z0-9\u0080-\U0010ffff](?:[\w.\-]{0,250}\w)?")
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.){0,500}"|\([^()]{0,500}\)')


@dataclass(frozen=True, slots=True)
class Headers:
    """Names in lower case with their raw values, in order."""

    rows: tuple[tuple[str, bytes], ...] = ()

    def all(self, name: str) -> list[bytes]:
        """Every value of a header."""
        return [value for found, value in self.rows if found == name]

    def raw(self, name: str) -> bytes:
        """The first value, or nothing."""
        return next((value for found, value in self.rows if found == name), b"")

    def text(self, name: str) -> str:
        """The first value, decoded, on one line."""
        return decoded_words(self.raw(name))

    def plain(self, name: str) -> str:
        """The first value of a header that is a word or two of ASCII, in lower case."""
        return self.raw(name).decode("ascii", "replace").strip().lower()

    def param(self, name: str, param: str) -> str:
        """A parameter of the first value, whichever way it is encoded."""
        message = Message()
        message["X"] = (
            self.raw(name)[:VALUE_MAX].decode("utf-8", "surrogateescape").replace("\r", " ").replace("\n", " ")
        )
        try:
            value = message.get_param(param, header="X", unquote=True)
        except (ValueError, IndexError, LookupError, UnicodeError, TypeError):
            return ""
        if value is None:
            return ""
        try:
            found = collapse_rfc2231_value(value)
        except (LookupError, UnicodeError, ValueError):
            found = value[2] if isinstance(value, tuple) else str(value)
        return decoded_words(found.encode("utf-8", "surrogateescape"))


def read_headers(data: bytes, start: int = 0, end: int | None = None) -> tuple[Headers, int]:
    """The headers that begin at `start`, and where the body begins. A missing empty line ends the block too."""
    stop = len(data) if end is None else end
    rows: list[tuple[str, bytes]] = []
    at = start
    while at < stop and at - start < BLOCK_MAX and len(rows) < LINES_MAX:
        line_end = data.find(b"\n", at, stop)
        line_end = stop if line_end < 0 else line_end
        line = data[at:line_end].rstrip(b"\r")
        if not line:
            return Headers(tuple(rows)), min(line_end + 1, stop)
        if line[:1] in b" \t" and rows:
            rows[-1] = (rows[-1][0], (rows[-1][1] + b" " + line.strip())[: 4 * VALUE_MAX])
        elif not _add(rows, line):
            return Headers(tuple(rows)), at
        at = line_end + 1
    blank = _blank_line(data, at, stop) if at < stop else stop
    return Headers(tuple(rows)), blank


def _add(rows: list[tuple[str, bytes]], line: bytes) -> bool:
    """Take a header line; a line that is none ends the block, except one `From ` of a mailbox file before it."""
    name, colon, value = line.partition(b":")
    if colon and _NAME.fullmatch(name.rstrip()):
        rows.append((name.rstrip().decode("ascii").lower(), value.strip()[: 4 * VALUE_MAX]))
        return True
    return not rows and line.startswith((b"From ", b">From "))


def _blank_line(data: bytes, at: int, stop: int) -> int:
    places = [
        place + size for mark, size in ((b"\n\n", 2), (b"\r\n\r\n", 4)) if (place := data.find(mark, at, stop)) >= 0
    ]
    return min(places, default=stop)


def decoded_words(value: bytes) -> str:
    """A header's text: encoded words, raw bytes in any charset, line breaks and control characters gone."""
    value = value[: 4 * VALUE_MAX]
    pieces: list[tuple[bytes, str]] = []
    at = 0
    for found in _WORD.finditer(value):
        between = value[at : found.start()]
        if between.strip() or not pieces:
            pieces.append((between, ""))
        _add_word(pieces, found)
        at = found.end()
    pieces.append((value[at:], ""))
    text = "".join(decode(data, charset) for data, charset in pieces)
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _add_word(pieces: list[tuple[bytes, str]], found: re.Match[bytes]) -> None:
    """Join words of one charset before they are decoded: many programs cut a character in two."""
    charset = found[1].split(b"*")[0].decode("ascii")
    data = _unpacked(found[2].lower(), found[3])
    if pieces and pieces[-1][1].lower() == charset.lower():
        pieces[-1] = (pieces[-1][0] + data, charset)
        return
    pieces.append((data, charset))


def _unpacked(encoding: bytes, data: bytes) -> bytes:
    if encoding == b"q":
        return binascii.a2b_qp(data, header=True)
    return unpacked_base64(data)


def unpacked_base64(data: bytes) -> bytes:
    """Base64 with whatever stands between, and however it ends."""
    for padding in (b"", b"=", b"=="):
        try:
            return binascii.a2b_base64(data + padding)
        except binascii.Error:
            continue
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    try:
        return binascii.a2b_base64(kept[: len(kept) // 4 * 4])
    except binascii.Error:
        return b""


def addresses_in(values: list[bytes]) -> list[str]:
    """The addresses of some headers, lower case, in order, once each; names and comments are no addresses."""
    found: list[str] = []
    for value in values:
        bare = _QUOTED.sub(" ", _WORD.sub(b" ", value[:VALUE_MAX]).decode("utf-8", "replace"))
        angled = re.findall(r"<([^<>]{3,320})>", bare) or [bare]
        found += [match.lower() for part in angled for match in _ADDRESS.findall(part)]
    return list(dict.fromkeys(found))
