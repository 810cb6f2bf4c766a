"""From bytes to lines: which encoding, which delimiter, and never more than one line in memory."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Generator, Iterator
from typing import BinaryIO, Final

from helpdesk.billing.reconciliation.errors import FileEmpty, LineTooLong, NotText

CHUNK: Final = 1024 * 1024
LINE_MAX: Final = 65_536
"""Characters of one line; a real row has a few hundred."""
_DELIMITERS: Final = ",;\t"
_SEPARATOR: Final = re.compile(r"^sep=[,;\t][\r\n]*$", re.IGNORECASE)
"""What Excel writes above the header."""
_HEAD: Final = 4096
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(stream: BinaryIO) -> str:
    """The encoding of a file: by its mark, else UTF-16 by its zeros, UTF-8 if it is valid, else GB18030.

    Reads the whole stream once, in pieces, and goes back to its start. Raises `FileEmpty`, `NotText`.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    stream.seek(0)
    if not head:
        raise FileEmpty
    for name in (*_marked(head), *_unmarked(head)):
        if _decodes(stream, name):
            return name
    raise NotText


def _marked(head: bytes) -> list[str]:
    return [name for mark, name in _BOMS if head.startswith(mark)][:1]


def _unmarked(head: bytes) -> list[str]:
    if _marked(head):
        return []
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) // 8 > even:
        return ["utf-16-le"]
    if even > len(head) // 8 > odd:
        return ["utf-16-be"]
    return [] if b"\0" in head else ["utf-8", "gb18030"]


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    stream.seek(0)
    try:
        while chunk := stream.read(CHUNK):
            if "\0" in decoder.decode(chunk):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        stream.seek(0)
    return True


def records(stream: BinaryIO, *, encoding: str) -> Generator[tuple[int, list[str]]]:
    """Each record with the number of the line on which it begins, from the header on; blank lines are left out.

    Raises `LineTooLong`; `csv.Error` where quotes do not match.
    """
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    try:
        lines = _lines(text)
        first = next(lines, "")
        above = 1 if _SEPARATOR.match(first) else 0
        delimiter = first[len("sep=")] if above else delimiter_of(first)
        first = next(lines, "") if above else first
        reader = csv.reader(_again(first, lines), delimiter=delimiter, strict=True)
        begins = 1 + above
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1 + above
    finally:
        text.detach()


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := text.readline(LINE_MAX + 1):
        number += 1
        if len(line) > LINE_MAX:
            raise LineTooLong(line=number, limit=LINE_MAX)
        yield line


def delimiter_of(header: str) -> str:
    """Comma, semicolon or tab: what the header has most of, outside quotes."""
    bare = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=bare.count)
