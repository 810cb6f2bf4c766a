"""Bytes to text, whatever they claim to be."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Final

_WIDER: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "hz": "hz",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "ascii",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
}
"""What mail programs call a character set, and the one that really covers what they write."""
_TEXT_CODECS: Final = frozenset(
    {"utf-8", "ascii", "gb18030", "big5hkscs", "cp932", "euc_jp", "iso2022_jp_ext", "cp949", "hz", "cp1252", "koi8-r"}
    | {"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "iso2022_kr", "iso8859-15", "iso8859-2", "tis-620"}
    | {f"cp{number}" for number in (437, 850, 874, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258)}
    | {f"iso8859-{number}" for number in range(1, 17)}
)
"""Nothing else is decoded by name: a charset called `zip` or `punycode` is not one."""
_WEAK: Final = frozenset({"ascii", "cp1252", "iso8859-1", "iso8859-15"})
"""Claimed so often by mistake that real UTF-8 or East Asian bytes win over them."""
_SAMPLE: Final = 4000


def decode(data: bytes, charset: str = "") -> str:
    """The text of `data`; what cannot be read becomes U+FFFD, nothing is raised."""
    if b"\x1b$" in data or b"\x1b(J" in data:
        return _first(data, "iso2022_jp_ext", "iso2022_jp_3", "iso2022_kr") or _as_windows_reads_it(data)
    named = _codec(charset)
    if data.isascii() and named not in {"hz", "utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32"}:
        return data.decode("ascii")
    if named and named not in _WEAK:
        text = _strict(data, named)
        if text is not None:
            return text
    return _guessed(data, named)


def _guessed(data: bytes, named: str) -> str:
    text = _strict(data, "utf-8")
    if text is not None:
        return text
    best = max(_EAST_ASIAN, key=lambda codec: _likeness(data, codec))
    if _likeness(data, best) >= _LIKELY:
        return data.decode(best, "replace")
    return data.decode(named if named and named != "ascii" else "cp1252", "replace")


def _codec(charset: str) -> str:
    wish = charset.strip().strip("\"'").lower()[:40]
    try:
        name = codecs.lookup(_WIDER.get(wish, wish)).name
    except (LookupError, ValueError):
        return ""
    name = {"shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(name, name)
    return name if name in _TEXT_CODECS else ""


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _first(data: bytes, *names: str) -> str | None:
    return next((text for text in (_strict(data, name) for name in names) if text is not None), None)


_SWITCH: Final = re.compile(rb"\x1b(\$[@B]|\([BIJ])")


def _as_windows_reads_it(data: bytes) -> str:
    """ISO-2022-JP with the characters that Windows added to it (① and ㈱ among them), which Python's codecs refuse."""
    mode, text = b"(B", ""
    for number, piece in enumerate(_SWITCH.split(data)):
        if number % 2:
            mode = piece
        elif mode.startswith(b"$"):
            text += _as_shift_jis(piece).decode("cp932", "replace")
        elif mode == b"(I":
            text += bytes(byte | 0x80 for byte in piece).decode("cp932", "replace")
        else:
            text += piece.decode("ascii", "replace")
    return text


def _as_shift_jis(pairs: bytes) -> bytes:
    """Two-byte characters of JIS X 0208, each as Shift_JIS writes it."""
    made = bytearray()
    for first, second in zip(pairs[::2], pairs[1::2], strict=False):
        row, cell = first - 0x21, second - 0x21
        lead = row // 2 + (0x81 if row < 62 else 0xC1)  # noqa: PLR2004 - Shift_JIS leaves a gap for katakana
        trail = cell + (0x9F if row % 2 else 0x40 if cell < 63 else 0x41)  # noqa: PLR2004 - 0x7F is left out
        made += bytes((lead & 0xFF, trail & 0xFF))
    return bytes(made)


_LIKELY: Final = 0.6


def _pair_share(data: bytes, lead: range, common: range, *, kana: bytes = b"") -> float:
    """How many of the two-byte characters stand in the part of the set that everyday words use."""
    pairs = usual = broken = at = 0
    while at < len(data):
        byte = data[at]
        if byte < 0x80:  # noqa: PLR2004 - ASCII
            at += 1
            continue
        if byte not in lead or at + 1 >= len(data) or data[at + 1] < 0x40:  # noqa: PLR2004 - no second byte
            broken += 1
            at += 1
            continue
        pairs += 1
        usual += byte in common or byte in kana
        at += 2
    return usual / (pairs + 2 * broken) if pairs else 0.0


_SJIS_LEAD: Final = range(0x81, 0xFD)
_EAST_ASIAN: Final[dict[str, Callable[[bytes], float]]] = {
    "gb18030": lambda data: _pair_share(data, range(0x81, 0xFF), range(0xB0, 0xD8), kana=b"\xa1\xa3"),
    "big5hkscs": lambda data: _pair_share(data, range(0x81, 0xFF), range(0xA4, 0xC7), kana=b"\xa1"),
    "cp932": lambda data: _pair_share(data, _SJIS_LEAD, range(0x88, 0x98), kana=b"\x81\x82\x83"),
    "euc_jp": lambda data: _pair_share(data, range(0xA1, 0xFF), range(0xA4, 0xA6), kana=b"\xa1"),
}


def _likeness(data: bytes, codec: str) -> float:
    sample = data[:_SAMPLE]
    try:
        codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeError:
        return 0.0
    return _EAST_ASIAN[codec](sample)
