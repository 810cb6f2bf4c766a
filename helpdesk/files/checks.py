"""Whether a file's content is what its ending says."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from email.parser import BytesHeaderParser
from typing import BinaryIO, Final

import puremagic

from helpdesk.files.errors import BrokenImage, BrokenPdf, ContentDisagrees, FileTypeRefused, ImageTooLarge
from helpdesk.files.names import ending_of
from helpdesk.files.pixels import picture_size
from helpdesk.limits import UPLOAD_MAX_PIXELS

CONTENT_TYPES: Final = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "txt": "text/plain",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "eml": "message/rfc822",
}
"""What each allowed ending is served as; what the browser claimed is never used."""

_HEAD: Final = 4096
_TAIL: Final = 2048
_UNPACKED_MAX: Final = 200 * 1024 * 1024
_MEMBERS_MAX: Final = 5000
_FOLDER: Final = {"xlsx": "xl/", "docx": "word/"}
_ENCODINGS: Final = ("utf-8", "gb18030", "shift_jis", "utf-16")
_TABLES: Final = ("csv", "txt")
_MAIL_HEADERS: Final = ("From", "Date", "Subject", "Received", "Message-ID")
_BINARY: Final = frozenset({".exe", ".dll", ".elf", ".zip", ".pdf", ".png", ".jpg", ".gif", ".rar", ".7z", ".gz"})


def check_content(stream: BinaryIO, *, name: str, ending: str) -> None:
    """Pass when the content of `stream` is of the kind `ending`. Raises a `FileRefused`."""
    _CHECKS[ending](stream, name, ending)


def check_table(stream: BinaryIO, *, name: str) -> None:
    """Pass when a file of any size may be a plain table, by its ending and beginning. Raises a `FileRefused`."""
    ending = ending_of(name)
    if ending not in _TABLES:
        raise FileTypeRefused(name=name, types=", ".join(each.upper() for each in _TABLES))
    if _magic(stream) & _BINARY:
        raise ContentDisagrees(name=name, ending=ending.upper())


def _magic(stream: BinaryIO) -> set[str]:
    """Endings that the content's own marks speak for."""
    stream.seek(0)
    try:
        return {match.extension for match in puremagic.magic_string(stream.read(_HEAD))}
    except (puremagic.PureError, ValueError):
        return set()


def _pdf(stream: BinaryIO, name: str, ending: str) -> None:
    if ".pdf" not in _magic(stream) or not _head(stream).startswith(b"%PDF-"):
        raise ContentDisagrees(name=name, ending=ending.upper())
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _TAIL))
    if b"%%EOF" not in stream.read():
        raise BrokenPdf(name=name)


def _picture(stream: BinaryIO, name: str, ending: str) -> None:
    endings = {".jpg", ".jpeg", ".jfif", ".jpe"} if ending in {"jpg", "jpeg"} else {f".{ending}"}
    if not endings & _magic(stream):
        raise ContentDisagrees(name=name, ending=ending.upper())
    size = picture_size(stream, ending)
    if size is None:
        raise BrokenImage(name=name)
    if size[0] * size[1] > UPLOAD_MAX_PIXELS:
        raise ImageTooLarge(name=name, limit=UPLOAD_MAX_PIXELS // 1_000_000)


def _office(stream: BinaryIO, name: str, ending: str) -> None:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise ContentDisagrees(name=name, ending=ending.upper()) from None
    names = {member.filename for member in members}
    honest = len(members) <= _MEMBERS_MAX and sum(member.file_size for member in members) <= _UNPACKED_MAX
    of_kind = "[Content_Types].xml" in names and any(found.startswith(_FOLDER[ending]) for found in names)
    if not honest or not of_kind or any(found.endswith("vbaProject.bin") for found in names):
        raise ContentDisagrees(name=name, ending=ending.upper())


def _text(stream: BinaryIO, name: str, ending: str) -> None:
    if _magic(stream) & _BINARY or not _is_text(stream):
        raise ContentDisagrees(name=name, ending=ending.upper())


def _mail(stream: BinaryIO, name: str, ending: str) -> None:
    _text(stream, name, ending)
    stream.seek(0)
    headers = BytesHeaderParser().parse(stream)
    if not any(headers[header] for header in _MAIL_HEADERS):
        raise ContentDisagrees(name=name, ending=ending.upper())


def _head(stream: BinaryIO) -> bytes:
    stream.seek(0)
    return stream.read(_HEAD)


def _is_text(stream: BinaryIO) -> bool:
    stream.seek(0)
    data = stream.read()
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return any(_decodes(data, encoding) for encoding in _ENCODINGS)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return False
    odd = sum(1 for character in text[:_HEAD] if ord(character) < 32 and character not in "\t\r\n\f")  # noqa: PLR2004
    return odd == 0


_CHECKS: Final[dict[str, Callable[[BinaryIO, str, str], None]]] = {
    "pdf": _pdf,
    "png": _picture,
    "jpg": _picture,
    "jpeg": _picture,
    "webp": _picture,
    "txt": _text,
    "csv": _text,
    "xlsx": _office,
    "docx": _office,
    "eml": _mail,
}
