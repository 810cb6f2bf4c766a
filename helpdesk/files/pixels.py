"""How large a picture is, read from its header alone: nothing is decoded."""

from __future__ import annotations

import struct
from typing import BinaryIO, Final

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_NO_FRAME: Final = frozenset({0xC4, 0xC8, 0xCC})
"""Markers among SOF0..SOF15 that hold no size."""


def picture_size(stream: BinaryIO, ending: str) -> tuple[int, int] | None:
    """Width and height in pixels, or None when the header is not one of that kind."""
    stream.seek(0)
    reader = {"png": _png, "jpg": _jpeg, "jpeg": _jpeg, "webp": _webp}[ending]
    try:
        size = reader(stream)
    except (struct.error, IndexError):
        return None
    return size if size and min(size) > 0 else None


def _png(stream: BinaryIO) -> tuple[int, int] | None:
    head = stream.read(24)
    if not head.startswith(_PNG) or head[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def _jpeg(stream: BinaryIO) -> tuple[int, int] | None:
    if stream.read(2) != b"\xff\xd8":
        return None
    for _segment in range(1000):
        start = stream.read(2)
        if len(start) < 2 or start[0] != 0xFF:  # noqa: PLR2004 - a marker is two bytes
            return None
        marker = start[1]
        while marker == 0xFF:  # noqa: PLR2004 - fill bytes before a marker
            marker = stream.read(1)[0]
        length = struct.unpack(">H", stream.read(2))[0]
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:  # noqa: PLR2004 - start of frame
            height, width = struct.unpack(">xHH", stream.read(5))
            return width, height
        stream.seek(length - 2, 1)
    return None


def _webp(stream: BinaryIO) -> tuple[int, int] | None:
    head = stream.read(30)
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    if head[12:16] == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if head[12:16] == b"VP8L":
        bits = struct.unpack("<I", head[21:25])[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", head[26:30])
    return width & 0x3FFF, height & 0x3FFF
