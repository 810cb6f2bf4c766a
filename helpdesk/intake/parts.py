"""A mail cut into its parts by their boundaries; time and memory grow with its size alone, never with its tricks."""

from __future__ import annotations

import binascii
import re
from collections import deque
from dataclasses import dataclass
from typing import Final

from helpdesk.intake.headers import Headers, read_headers, unpacked_base64

PARTS_MAX: Final = 500
"""Parts that are looked at; what a mail has beyond them is counted as left out."""
DEPTH_MAX: Final = 12
_TYPE: Final = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,80}")

_LIKE_BOUNDARY: Final = re.compile(rb"^--(?=[!-~]{0,200}[0-9A-Za-z])([!-~]{1,200})[ \t]*\r?$", re.MULTILINE)
_GUESSED_IN: Final = 4096
"""Bytes of a multipart in which its boundary is looked for where its headers do not name it rightly."""


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of a mail."""

    headers: Headers
    kind: str
    """`text/plain`."""
    body: bytes
    inside: tuple[str, ...]
    """The multipart types around it, outermost first."""

    @property
    def filename(self) -> str:
        """What the sender called it, or nothing."""
        return self.headers.param("content-disposition", "filename") or self.headers.param("content-type", "name")

    @property
    def is_attached(self) -> bool:
        """Whether it is a file rather than a text to read."""
        return self.headers.plain("content-disposition").startswith("attachment") or bool(self.filename)

    def content(self) -> bytes:
        """The body with its transfer encoding undone."""
        encoding = self.headers.plain("content-transfer-encoding").split(";")[0].strip()
        if encoding == "base64":
            return unpacked_base64(self.body)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(self.body)
        return self.body


@dataclass(frozen=True, slots=True)
class Cut:
    """The headers of the whole, its leaves, and whether any were left out."""

    headers: Headers
    parts: tuple[Part, ...]
    incomplete: bool = False


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    inside: tuple[str, ...]


def cut(raw: bytes) -> Cut:
    """Cut `raw` into leaves, breadth first and in order."""
    whole, _ = read_headers(raw)
    leaves: list[tuple[int, Part]] = []
    waiting = deque([_Span(0, len(raw), ())])
    seen = 0
    incomplete = False
    while waiting:
        span = waiting.popleft()
        headers, body_at = read_headers(raw, span.start, span.end)
        kind = type_of(headers)
        if kind.startswith("multipart/") and len(span.inside) < DEPTH_MAX:
            spans = _spans(raw, headers, body_at, span.end, room=PARTS_MAX - seen)
            incomplete |= len(spans) > PARTS_MAX - seen
            spans = spans[: PARTS_MAX - seen]
            seen += len(spans)
            waiting.extend(_Span(start, end, (*span.inside, kind)) for start, end in spans)
            if spans:
                continue
            kind = "text/plain"
        leaves.append((span.start, Part(headers, kind, raw[body_at : span.end], span.inside)))
    leaves.sort(key=lambda leaf: leaf[0])
    return Cut(whole, tuple(part for _, part in leaves), incomplete)


def type_of(headers: Headers) -> str:
    """The content type; without a readable one, plain text."""
    found = _TYPE.match(headers.plain("content-type"))
    return found[0] if found else "text/plain"


def _spans(raw: bytes, headers: Headers, start: int, end: int, *, room: int) -> list[tuple[int, int]]:
    """Where the parts lie by the boundary that is named, or else by the first line that looks like one."""
    boundary = headers.param("content-type", "boundary")
    spans = _between(raw, start, end, boundary, room=room) if boundary else []
    seen = None if spans else _LIKE_BOUNDARY.search(raw, start, min(end, start + _GUESSED_IN))
    return _between(raw, start, end, seen[1].decode("ascii"), room=room) if seen else spans


def _between(raw: bytes, start: int, end: int, boundary: str, *, room: int) -> list[tuple[int, int]]:
    """Where the parts lie between lines that begin with the boundary; a missing last one does no harm."""
    mark = b"--" + boundary.encode("utf-8", "replace")[:200]
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    at = _line_with(raw, mark, start, end)
    while at is not None and len(spans) <= room:
        if opened is not None:
            spans.append((opened, _before_line_end(raw, opened, at)))
        line_end = raw.find(b"\n", at, end)
        after = raw[at + len(mark) : at + len(mark) + 2]
        opened = None if after == b"--" else (end if line_end < 0 else line_end + 1)
        if opened is None:
            break
        at = _line_with(raw, mark, opened, end)
    if opened is not None and at is None and opened < end:
        spans.append((opened, end))
    return spans


def _line_with(raw: bytes, mark: bytes, start: int, end: int) -> int | None:
    at = raw.find(mark, start, end)
    while at >= 0:
        follows = raw[at + len(mark) : at + len(mark) + 2]
        if (at == start or raw[at - 1 : at] == b"\n") and (follows[:1] in b" \t\r\n" or follows == b"--"):
            return at
        at = raw.find(mark, at + len(mark), end)
    return None


def _before_line_end(raw: bytes, start: int, at: int) -> int:
    if at - 2 >= start and raw[at - 2 : at] == b"\r\n":
        return at - 2
    return max(start, at - 1)
